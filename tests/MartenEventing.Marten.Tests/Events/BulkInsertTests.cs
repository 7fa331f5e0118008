using JasperFx.Events;
using Marten.Events;

namespace MartenEventing.Tests.Events;

public sealed class BulkInsertTests
{
    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task streams_are_inserted_whole_and_go_on(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await ParcelStore.CreateAsync(mode, identity);
        var streams = Enumerable.Range(0, 20).Select(_ => parcels.NewStream()).ToList();
        await parcels.Store.BulkInsertEventsAsync([.. streams.Select(stream => Action(parcels, stream))], batchSize: 7);
        await parcels.SaveAsync(session => streams[3].Append(session, new ParcelDelivered()));

        await using var session = parcels.Session();
        (await streams[3].FetchAsync(session)).Select(e => e.Version).ShouldBe([1, 2, 3, 4]);
        var parcel = await streams[3].FetchLatestAsync(session);
        (parcel!.Scans, parcel.Delivered).ShouldBe((2, true));
        (await parcels.Store.Advanced.FetchEventStoreStatistics()).EventCount.ShouldBe(61);
    }

    [Fact]
    public async Task each_event_lies_in_the_month_of_its_timestamp()
    {
        await using var parcels = await ParcelStore.CreateAsync();
        var action = Action(parcels, parcels.NewStream());
        foreach (var (@event, month) in action.Events.Zip((int[])[-3, 0, 2]))
            @event.Timestamp = Months.Middle(month);
        await parcels.Store.BulkInsertEventsAsync([action]);

        (await parcels.LeavesAsync()).ShouldBe(["mt_events_head", Months.Leaf(0), Months.Leaf(2)]);
    }

    [Fact]
    public async Task a_stream_that_is_there_is_not_inserted_again()
    {
        await using var parcels = await ParcelStore.CreateAsync();
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));

        await Should.ThrowAsync<Exception>(parcels.Store.BulkInsertEventsAsync([Action(parcels, stream)]));
        (await parcels.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(1);
    }

    [Theory, InlineData(StreamIdentity.AsGuid), InlineData(StreamIdentity.AsString)]
    public async Task a_history_is_taken_over_with_its_sequences(StreamIdentity identity)
    {
        await using var source = await ParcelStore.CreateAsync(identity: identity, plain: true);
        var stream = await source.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here")], [new ParcelScanned("A"), new ParcelDelivered()]);
        await using var reader = source.Session();
        var events = await stream.FetchAsync(reader);

        await using var target = await ParcelStore.CreateAsync(identity: identity);
        await target.Store.BulkInsertEventStreamAsync(
            "*DEFAULT*",
            [new BulkEventStreamHeader { Id = stream.Id, Key = stream.Key, Version = 3 }],
            events.ToAsyncEnumerable(),
            BulkEventSequenceMode.PreserveSourceSequence);
        await target.SaveAsync(session => stream.Append(session, new ParcelScanned("B")));

        (await target.LeavesAsync())[..3].ShouldBe([Months.Leaf(0), Months.Leaf(1), Months.Leaf(1)]);
        await using var session = target.Session();
        (await stream.FetchAsync(session)).Select(e => e.Sequence).ShouldBe([1, 2, 3, 4]);
    }

    private static StreamAction Action(ParcelStore parcels, ParcelStream stream)
    {
        object[] events = [new ParcelRegistered("Here"), new ParcelScanned("A"), new ParcelScanned("B")];
        var graph = (EventGraph)parcels.Store.Options.Events;
        return stream.Key is null
            ? StreamAction.Start(graph, stream.Id, events)
            : StreamAction.Start(graph, stream.Key, events);
    }
}
