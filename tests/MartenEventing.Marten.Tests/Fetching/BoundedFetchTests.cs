using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten;
using Marten.Events.Projections;
using MartenEventing.Marten;

namespace MartenEventing.Tests.Fetching;

/// <summary>Aggregates are read from the partitions of their stream's life, and are what Marten reads.</summary>
public sealed class BoundedFetchTests
{
    private readonly StatementRecorder _log = new();

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_live_aggregate_is_read_where_its_stream_lives(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await CreateAsync(mode, identity);
        parcels.Clock.Now = Months.Middle(0);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));

        (await FetchAsync(parcels, stream)).ShouldBe((2, 1));
        ReadOnce();
        await using var session = parcels.Session();
        (await stream.FetchLatestAsync(session))!.Scans.ShouldBe(1);
        ReadOnce();
        await parcels.Another(new TestClock(Months.Middle(2))).SaveAsync(
            elsewhere => stream.Append(elsewhere, new ParcelScanned("B")));
        (await FetchAsync(parcels, stream)).ShouldBe((3, 2));
        ReadOnce();
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_async_aggregate_is_read_from_its_document_and_the_events_after_it(
        EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await CreateAsync(mode, identity, more: AsyncParcels);
        parcels.Clock.Now = Months.Middle(0);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        await ReadInEveryWayAsync((2, 1));

        using (var daemon = await parcels.Store.BuildProjectionDaemonAsync())
            await daemon.RebuildProjectionAsync(
                identity == StreamIdentity.AsGuid ? typeof(Parcel) : typeof(NamedParcel), CancellationToken.None);
        await ReadInEveryWayAsync((2, 1));

        parcels.Clock.Now = Months.Middle(2);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("B")));
        await ReadInEveryWayAsync((3, 2));

        async Task ReadInEveryWayAsync((long?, int) expected)
        {
            _log.Take();
            (await FetchAsync(parcels, stream)).ShouldBe(expected);
            ReadOnce();
            await using var session = parcels.Session();
            (await stream.FetchLatestAsync(session))!.Scans.ShouldBe(expected.Item2);
            ReadOnce();
            await using var another = parcels.Session();
            (await stream.FetchForWritingAsync(another, expected.Item1!.Value)).Parcel!.Scans.ShouldBe(expected.Item2);
            ReadOnce();
        }
    }

    [Theory]
    [InlineData("-infinity")]
    [InlineData("infinity")]
    [InlineData("1001-01-01 00:00:00Z")]
    [InlineData("2019-05-01 00:00:00Z")]
    [InlineData("2091-05-01 00:00:00Z")]
    public async Task events_far_from_their_streams_life_are_found(string time)
    {
        await using var parcels = await CreateAsync();
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await parcels.DataSource.ExecuteAsync(
            $"""
             INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)
             SELECT nextval('mt_events_sequence'), gen_random_uuid(), stream_id, 2, jsonb_build_object('Depot', 'A'),
                    'parcel_scanned', '{time}', tenant_id, '' FROM mt_events
             """);

        for (var again = 0; again < 2; again++)
            (await FetchAsync(parcels, stream)).ShouldBe((2, 1));
        await using var session = parcels.Session();
        (await stream.FetchLatestAsync(session))!.Scans.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task writing_on_is_as_strict_as_without(EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await CreateAsync(mode, identity);
        parcels.Clock.Now = Months.Middle(0);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await using var first = parcels.Session();
        await using var second = parcels.Session();
        var (writing, stale) = (await stream.FetchForWritingAsync(first), await stream.FetchForWritingAsync(second));
        writing.Append(new ParcelScanned("A"));
        stale.Append(new ParcelScanned("B"));
        parcels.Clock.Now = Months.Middle(1);
        await first.SaveChangesAsync();

        await Should.ThrowAsync<EventStreamUnexpectedMaxEventIdException>(second.SaveChangesAsync());

        await using var third = parcels.Session();
        await Should.ThrowAsync<ConcurrencyException>(stream.FetchForWritingAsync(third, 1));
        (await stream.FetchForWritingAsync(third, 2)).Append(new ParcelScanned("C"));
        await third.SaveChangesAsync();
        (await FetchAsync(parcels, stream)).ShouldBe((3, 2));
    }

    [Fact]
    public async Task a_stream_that_is_not_there_is_begun_and_one_fetched_exclusively_is_locked_through_a_miss()
    {
        await using var parcels = await CreateAsync();
        parcels.Clock.Now = Months.Middle(0);
        var stream = parcels.NewStream();
        await using (var session = parcels.Session())
        {
            var writing = await stream.FetchForWritingAsync(session);
            writing.Parcel.ShouldBeNull();
            writing.Append(new ParcelRegistered("Here"));
            await session.SaveChangesAsync();
        }

        (await FetchAsync(parcels, stream)).ShouldBe((1, 0));
        await parcels.Another(new TestClock(Months.Middle(2))).SaveAsync(
            session => stream.Append(session, new ParcelScanned("A")));
        await using var exclusive = parcels.Session();
        var held = await stream.FetchForExclusiveWritingAsync(exclusive);
        (held.Version, held.Parcel!.Scans).ShouldBe((2, 1));
        (await parcels.DataSource.ScalarAsync<long>(
            "SELECT count(*) FROM (SELECT FROM mt_streams FOR UPDATE SKIP LOCKED) s")).ShouldBe(0);
        held.Append(new ParcelScanned("B"));
        await exclusive.SaveChangesAsync();
        (await FetchAsync(parcels, stream)).ShouldBe((3, 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task batches_of_queries_are_bounded_too(bool daemons)
    {
        await using var parcels = await CreateAsync(more: daemons ? AsyncParcels : null);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        await using var session = parcels.Session();
        var batch = session.CreateBatchQuery();
        var writing = batch.Events.FetchForWriting<Parcel>(stream.Id);
        _log.Take();
        await batch.Execute();

        ((await writing).CurrentVersion, (await writing).Aggregate!.Scans).ShouldBe((2, 1));
        ReadOnce();
    }

    [Fact]
    public async Task with_martens_write_cache_what_was_written_elsewhere_since_is_read()
    {
        await using var parcels = await CreateAsync(more: options =>
        {
            AsyncParcels(options);
            options.Events.AggregateWriteCaching.Enable(typeof(Parcel));
        });
        parcels.Clock.Now = Months.Middle(0);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        await using (var session = parcels.Session())
        {
            (await stream.FetchForWritingAsync(session)).Append(new ParcelScanned("B"));
            await session.SaveChangesAsync();
        }

        await parcels.Another(new TestClock(Months.Middle(2))).SaveAsync(
            session => stream.Append(session, new ParcelScanned("C")));
        using (var daemon = await parcels.Store.BuildProjectionDaemonAsync())
            await daemon.RebuildProjectionAsync(typeof(Parcel), CancellationToken.None);
        _log.Take();

        (await FetchAsync(parcels, stream)).ShouldBe((4, 3));
        ReadOnce();
    }

    [Theory]
    [InlineData(StreamIdentity.AsGuid, TenancyStyle.Single)]
    [InlineData(StreamIdentity.AsString, TenancyStyle.Single)]
    [InlineData(StreamIdentity.AsGuid, TenancyStyle.Conjoined)]
    public async Task a_stream_is_fetched_as_marten_fetches_it(StreamIdentity identity, TenancyStyle tenancy)
    {
        await using var parcels = await CreateAsync(identity: identity, tenancy: tenancy);
        var stream = parcels.NewStream();
        for (var month = 0; month < 3; month++)
        {
            parcels.Clock.Now = Months.Middle(month);
            await parcels.Store.SaveAsync(
                session => stream.Append(session, new ParcelScanned("A"), new ParcelScanned("B")), "north");
        }

        await using var session = parcels.Store.QuerySession("north");
        foreach (var (version, time, from) in new (long, DateTimeOffset?, long)[]
                 {
                     (0, null, 0), (3, null, 0), (0, null, 3), (5, null, 2), (0, Months.Middle(1), 0), (9, null, 7),
                 })
        {
            var expected = stream.Key is null
                ? await session.Events.FetchStreamAsync(stream.Id, version, time, from)
                : await session.Events.FetchStreamAsync(stream.Key, version, time, from);
            _log.Take();

            var found = stream.Key is null
                ? await session.FetchBoundedStreamAsync(stream.Id, version, time, from)
                : await session.FetchBoundedStreamAsync(stream.Key, version, time, from);

            ReadOnce();
            found.Select(Told).ShouldBe(expected.Select(Told));
        }

        await (stream.Key is null
            ? Should.ThrowAsync<InvalidOperationException>(session.FetchBoundedStreamAsync("north"))
            : Should.ThrowAsync<InvalidOperationException>(session.FetchBoundedStreamAsync(Guid.NewGuid())));

        static object Told(IEvent one) => (one.Sequence, one.Version, one.Id, one.Timestamp, one.TenantId, one.Data);
    }

    [Theory]
    [InlineData(PlainStorePolicy.RunPlain, true)]
    [InlineData(PlainStorePolicy.Refuse, false)]
    public async Task a_store_that_may_be_plain_or_does_not_want_it_is_read_as_marten_reads_it(
        PlainStorePolicy policy, bool wanted)
    {
        await using var parcels = await ParcelStore.CreateAsync(configure: options =>
        {
            options.UseTimePartitionedEvents(events => (events.WhenPlain, events.BoundFetches) = (policy, wanted));
            options.Logger(_log);
        });
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        _log.Take();

        (await FetchAsync(parcels, stream)).ShouldBe((1, 0));
        _log.Take().ShouldHaveSingleItem().ShouldContain("mt_events as d");
        await using var session = parcels.Store.QuerySession();
        (await session.FetchBoundedStreamAsync(stream.Id)).Count.ShouldBe(1);
        _log.Take().ShouldHaveSingleItem().ShouldContain("mt_events as d");
    }

    [Fact]
    public async Task tenants_have_streams_of_their_own()
    {
        await using var parcels = await CreateAsync(tenancy: TenancyStyle.Conjoined);
        parcels.Clock.Now = Months.Middle(0);
        var stream = parcels.NewStream();
        await parcels.Store.SaveAsync(session => stream.Start(session, new ParcelRegistered("N")), "north");
        parcels.Clock.Now = Months.Middle(2);
        await parcels.Store.SaveAsync(
            session => stream.Start(session, new ParcelRegistered("S"), new ParcelScanned("A")), "south");

        for (var again = 0; again < 2; again++)
            foreach (var (tenant, version, address) in (IEnumerable<(string, long, string)>)
                [("north", 1, "N"), ("south", 2, "S")])
            {
                await using var session = parcels.Store.LightweightSession(tenant);
                var writing = await stream.FetchForWritingAsync(session);
                (writing.Version, writing.Parcel!.Address).ShouldBe((version, address));
            }
    }

    [Fact]
    public async Task streams_with_gaps_and_archived_ones_are_read_as_marten_reads_them()
    {
        await using var parcels = await CreateAsync();
        var gappy = await parcels.StartAsync(
            new ParcelRegistered("Here"), new ParcelScanned("A"), new ParcelScanned("B"));
        var archived = await parcels.StartAsync(new ParcelRegistered("There"));
        await parcels.DataSource.ExecuteAsync("DELETE FROM mt_events WHERE version = 2");
        await parcels.SaveAsync(archived.Archive);

        for (var again = 0; again < 2; again++)
        {
            await using var session = parcels.Session();
            (await gappy.FetchForWritingAsync(session)).ShouldSatisfyAllConditions(
                writing => writing.Version.ShouldBe(3), writing => writing.Parcel!.Scans.ShouldBe(1));
            (await archived.FetchLatestAsync(session)).ShouldBeNull();
        }
    }

    /// <summary>Two stores on one database, one of them bounded, and a third that writes at any time.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task whatever_is_written_when_the_same_is_read_as_by_marten(int seed)
    {
        await using var parcels = await ParcelStore.CreateAsync();
        var bounded = Bounded(parcels, new TestClock(Months.Middle(0)));
        var writer = parcels.Another(new ScatteredClock(seed));
        var random = new Random(seed);
        var streams = new List<ParcelStream>();
        for (var step = 0; step < 150; step++)
        {
            if (streams.Count == 0 || random.Next(4) == 0)
            {
                var begun = parcels.NewStream();
                await writer.SaveAsync(session => begun.Start(session, new ParcelRegistered("Here")));
                streams.Add(begun);
            }
            else
            {
                var stream = streams[random.Next(streams.Count)];
                await writer.SaveAsync(session => stream.Append(session, new ParcelScanned("A")));
            }

            var read = streams[random.Next(streams.Count)];
            await using var own = bounded.LightweightSession();
            await using var martens = parcels.Session();
            var (found, expected) = (await read.FetchForWritingAsync(own), await read.FetchForWritingAsync(martens));
            (found.Version, found.Parcel!.Scans).ShouldBe((expected.Version, expected.Parcel!.Scans));
            (await read.FetchLatestAsync(own))!.Version.ShouldBe(expected.Parcel!.Version);
        }
    }

    private Task<ParcelStore> CreateAsync(
        EventAppendMode mode = EventAppendMode.QuickWithServerTimestamps,
        StreamIdentity identity = StreamIdentity.AsGuid, TenancyStyle tenancy = TenancyStyle.Single,
        Action<StoreOptions>? more = null) =>
        ParcelStore.CreateAsync(mode, identity, options =>
        {
            options.UseTimePartitionedEvents();
            options.Logger(_log);
            more?.Invoke(options);
        }, tenancy: tenancy);

    private static void AsyncParcels(StoreOptions options) => options.SnapshotParcels(SnapshotLifecycle.Async);

    /// <summary>One statement read events, and it was bounded.</summary>
    private void ReadOnce()
    {
        var read = _log.Take().ShouldHaveSingleItem();
        read.ShouldContain("mt_stream_events(null::");
        read.ShouldNotContain("mt_events as d");
    }

    private static DocumentStore Bounded(ParcelStore parcels, TimeProvider clock) => DocumentStore.For(options =>
    {
        options.Connection(parcels.ConnectionString);
        options.DisableNpgsqlLogging = true;
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.Events.TimeProvider = clock;
        options.UseTimePartitionedEvents();
    });

    private static async Task<(long? Version, int Scans)> FetchAsync(ParcelStore parcels, ParcelStream stream)
    {
        await using var session = parcels.Session();
        var writing = await stream.FetchForWritingAsync(session);
        return (writing.Version, writing.Parcel!.Scans);
    }
}
