using JasperFx.Events;
using JasperFx.Events.Documents;

namespace MartenEventing.Tests.Since959;

/// <summary><c>QueryStreamStates</c>, and how far a stream has been compacted.</summary>
public sealed class StreamStatesTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task streams_are_found_by_their_state(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        await parcels.StartAsync(new ParcelRegistered("Short"));
        var longer = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Long")], [new ParcelScanned("A")]);
        var archived = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Old")], [new ParcelScanned("A")]);
        await parcels.SaveAsync(archived.Archive);

        await using var session = parcels.Session();
        var found = await ((IReadOnlyEventStore)session.Events).QueryStreamStates().Where(
            state => state.Version > 1 && !state.IsArchived)
            .ToListAsync();

        found.Select(state => (state.Id, state.Key, state.Version)).ShouldBe([(longer.Id, longer.Key, 2)]);
    }

    [Fact]
    public async Task compacting_across_months_is_noted_and_leaves_the_rest_of_the_stream()
    {
        await using var parcels = await ParcelStore.CreateAsync();
        var stream = await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here"), new ParcelScanned("A")], [new ParcelScanned("B")]);
        await using (var compacting = parcels.Session())
        {
            await compacting.Events.CompactStreamAsync<Parcel>(stream.Id);
            await compacting.SaveChangesAsync();
        }

        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("C")));

        await using var session = parcels.Session();
        var state = await stream.FetchStateAsync(session);
        (state!.Version, state.CompactedVersion).ShouldBe((4, 3));
        (await session.Events.AggregateStreamAsync<Parcel>(stream.Id))!.Scans.ShouldBe(3);
    }
}
