using JasperFx.Events;
using JasperFx.Events.Projections;

namespace MartenEventing.Tests.Events;

public sealed class NaturalKeyTests
{
    public static TheoryData<EventAppendMode> Modes => [.. Ways.Modes];

    [Theory, MemberData(nameof(Modes))]
    public async Task a_stream_is_fetched_and_written_by_its_natural_key(EventAppendMode mode)
    {
        await using var parcels = await CreateAsync(mode);
        var label = new ParcelLabel("JD0001");
        await parcels.StartAcrossBoundaryAsync([new ParcelLabeled(label)], [new ParcelScanned("A")]);

        await using var session = parcels.Session();
        var writing = await session.Events.FetchForWriting<LabeledParcel, ParcelLabel>(label);
        (writing.CurrentVersion, writing.Aggregate!.Scans).ShouldBe((2, 1));
        writing.AppendOne(new ParcelScanned("B"));
        await session.SaveChangesAsync();

        (await session.Events.FetchLatest<LabeledParcel, ParcelLabel>(label))!.Scans.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Modes))]
    public async Task a_stale_stream_fetched_by_its_natural_key_is_refused(EventAppendMode mode)
    {
        await using var parcels = await CreateAsync(mode);
        var label = new ParcelLabel("JD0001");
        var stream = await parcels.StartAsync(new ParcelLabeled(label));
        await using var stale = parcels.Session();
        var writing = await stale.Events.FetchForWriting<LabeledParcel, ParcelLabel>(label);

        parcels.Clock.Now = Months.Boundary.AddMinutes(1);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("A")));
        writing.AppendOne(new ParcelScanned("B"));
        await Should.ThrowAsync<JasperFx.ConcurrencyException>(stale.SaveChangesAsync());
    }

    private static Task<ParcelStore> CreateAsync(EventAppendMode mode) => ParcelStore.CreateAsync(
        mode, configure: options => options.Projections.Snapshot<LabeledParcel>(SnapshotLifecycle.Inline));
}
