using JasperFx.Events;
using Marten;

namespace MartenEventing.Tests.Events;

public sealed class MetadataTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task what_the_session_tells_is_stored_with_each_event(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity, options =>
        {
            options.Events.MetadataConfig.EnableAll();
            options.Events.MetadataConfig.UserNameEnabled = true;
        });
        var stream = parcels.NewStream();
        await parcels.SaveAsync(session =>
        {
            Describe(session);
            stream.Start(session, new ParcelRegistered("Here"));
        });
        await parcels.SaveAsync(session =>
        {
            Describe(session);
            stream.Append(session, new ParcelScanned("A"));
        });

        await using var session = parcels.Session();
        foreach (var @event in await stream.FetchAsync(session))
        {
            (@event.CorrelationId, @event.CausationId, @event.UserName).ShouldBe(("order", "click", "somebody"));
            @event.Headers!["weight"].ToString().ShouldBe("12");
        }
    }

    private static void Describe(IDocumentSession session)
    {
        session.CorrelationId = "order";
        session.CausationId = "click";
        session.LastModifiedBy = "somebody";
        session.SetHeader("weight", "12");
    }
}
