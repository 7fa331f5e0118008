using JasperFx.Events;
using Marten;
using Marten.Events;

namespace MartenEventing.Tests.Events;

/// <summary>Masking, overwriting, replacing and compacting: what Marten does to events that are there.</summary>
public sealed class ChangingEventsTests
{
    [Theory, InlineData(StreamIdentity.AsGuid), InlineData(StreamIdentity.AsString)]
    public async Task a_stream_is_masked_in_all_its_months(StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(identity: identity, configure: Mask);
        var stream = await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here")], [new ParcelScanned("A"), new ParcelRegistered("Moved")]);
        var other = await parcels.StartAsync(new ParcelRegistered("There"));
        await parcels.Store.Advanced.ApplyEventDataMasking(masking => _ = stream.Key is null
            ? masking.IncludeStream(stream.Id)
            : masking.IncludeStream(stream.Key));

        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Select(e => e.Data)
            .ShouldBe([new ParcelRegistered("***"), new ParcelScanned("A"), new ParcelRegistered("***")]);
        (await other.AggregateAsync(session))!.Address.ShouldBe("There");
    }

    [Fact]
    public async Task events_of_a_time_window_are_masked()
    {
        await using var parcels = await ParcelStore.CreateAsync(configure: Mask);
        var stream = await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here")], [new ParcelRegistered("Moved")]);
        await parcels.Store.Advanced.ApplyEventDataMasking(
            masking => masking.IncludeEvents(e => e.Timestamp < Months.Boundary));

        await using var session = parcels.Session();
        (await stream.FetchAsync(session)).Select(e => e.Data)
            .ShouldBe([new ParcelRegistered("***"), new ParcelRegistered("Moved")]);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_event_is_overwritten_where_it_lies(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);
        var leaves = await parcels.LeavesAsync();
        await using var session = parcels.Session();
        var registered = (Event<ParcelRegistered>)(await stream.FetchAsync(session))[0];
        registered.Data = new ParcelRegistered("There");
        session.Events.OverwriteEvent(registered);
        await session.SaveChangesAsync();

        (await stream.AggregateAsync(session))!.Address.ShouldBe("There");
        (await parcels.LeavesAsync()).ShouldBe(leaves);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_replaced_event_moves_to_the_present_month(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        parcels.Clock.Now = Months.Middle(-2);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var session = parcels.Session();
        session.Events.CompletelyReplaceEvent(1, new ParcelRegistered("There"));
        await session.SaveChangesAsync();

        (await parcels.LeavesAsync()).ShouldBe([Months.Leaf(0)]);
        await parcels.SaveAsync(later => stream.Append(later, new ParcelDelivered()));
        var parcel = await stream.FetchLatestAsync(session);
        (parcel!.Address, parcel.Version).ShouldBe(("There", 2));
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_compacted_stream_keeps_its_state_and_goes_on(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity, options => options.LiveParcels());
        var stream = await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here"), new ParcelScanned("A"), new ParcelScanned("B")],
            [new ParcelScanned("C"), new ParcelScanned("D")]);
        await using (var session = parcels.Session())
        {
            await (stream.Key is null
                ? session.Events.CompactStreamAsync<Parcel>(stream.Id, x => x.Version = 4)
                : session.Events.CompactStreamAsync<NamedParcel>(stream.Key, x => x.Version = 4));
            await session.SaveChangesAsync();
        }

        await parcels.SaveAsync(session => stream.Append(session, new ParcelDelivered()));
        await using var reader = parcels.Session();
        (await stream.FetchAsync(reader)).Select(e => e.Version).ShouldBe([4, 5, 6]);
        var parcel = await stream.AggregateAsync(reader);
        (parcel!.Address, parcel.Scans, parcel.Delivered).ShouldBe(("Here", 4, true));
    }

    private static void Mask(StoreOptions options) =>
        options.Events.AddMaskingRuleForProtectedInformation<ParcelRegistered>(x => x with { Address = "***" });
}
