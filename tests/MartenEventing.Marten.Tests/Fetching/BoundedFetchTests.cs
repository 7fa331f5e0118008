using System.Text.RegularExpressions;
using JasperFx;
using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten;
using MartenEventing.Marten;

namespace MartenEventing.Tests.Fetching;

/// <summary>Live aggregates are read from the partitions of their stream's life, and are what Marten reads.</summary>
public sealed class BoundedFetchTests
{
    private readonly StatementRecorder _log = new();

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task an_aggregate_is_read_where_its_stream_lives_and_from_the_second_time_on_at_once(
        EventAppendMode mode, StreamIdentity identity)
    {
        await using var parcels = await CreateAsync(mode, identity);
        parcels.Clock.Now = Months.Middle(0);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));

        (await FetchAsync(parcels, stream)).ShouldBe((2, 1));
        _log.Take().ShouldHaveSingleItem().ShouldContain("d.timestamp <");

        (await FetchAsync(parcels, stream)).ShouldBe((2, 1));
        var read = _log.Take().ShouldHaveSingleItem();
        (await LeavesAsync(parcels, read, stream)).ShouldBe(
            [Months.Leaf(0)]);
        await using var session = parcels.Session();
        (await stream.FetchLatestAsync(session))!.Scans.ShouldBe(1);
        _log.Take().ShouldHaveSingleItem().ShouldContain("d.timestamp <");
    }

    [Fact]
    public async Task an_id_that_tells_its_time_is_read_at_once()
    {
        await using var parcels = await CreateAsync();
        parcels.Clock.Now = Months.Middle(0);
        await using var session = parcels.Session();
        var id = session.Events.StartStream<Parcel>(new ParcelRegistered("Here"), new ParcelScanned("A")).Id;
        await session.SaveChangesAsync();

        (await FetchAsync(parcels, new ParcelStream(id, null))).ShouldBe((2, 1));

        _log.Take().ShouldHaveSingleItem().ShouldContain("d.timestamp <");
    }

    [Fact]
    public async Task what_was_written_elsewhere_since_is_found()
    {
        await using var parcels = await CreateAsync();
        parcels.Clock.Now = Months.Middle(0);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        (await FetchAsync(parcels, stream)).ShouldBe((1, 0));
        var elsewhere = parcels.Another(new TestClock(Months.Middle(2)));

        await elsewhere.SaveAsync(session => stream.Append(session, new ParcelScanned("B")));

        _log.Take();
        (await FetchAsync(parcels, stream)).ShouldBe((2, 1));
        _log.Take().Count.ShouldBeGreaterThan(1);
        (await FetchAsync(parcels, stream)).ShouldBe((2, 1));
        _log.Take().Count.ShouldBe(1);
        await using var session = parcels.Session();
        (await stream.FetchLatestAsync(session))!.Scans.ShouldBe(1);
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

    [Fact]
    public async Task a_batch_of_queries_is_read_by_marten_itself()
    {
        await using var parcels = await CreateAsync();
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        await using var session = parcels.Session();
        var batch = session.CreateBatchQuery();
        var writing = batch.Events.FetchForWriting<Parcel>(stream.Id);
        _log.Take();
        await batch.Execute();

        ((await writing).CurrentVersion, (await writing).Aggregate!.Scans).ShouldBe((2, 1));
        _log.Take().ShouldAllBe(read => !read.Contains("d.timestamp"));
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
    public async Task streams_that_do_not_prove_themselves_are_read_as_marten_reads_them()
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
        StreamIdentity identity = StreamIdentity.AsGuid, TenancyStyle tenancy = TenancyStyle.Single) =>
        ParcelStore.CreateAsync(mode, identity, Configure, tenancy: tenancy);

    private void Configure(StoreOptions options)
    {
        options.UseTimePartitionedEvents(events => events.BoundFetches = true);
        options.Logger(_log);
    }

    private static DocumentStore Bounded(ParcelStore parcels, TimeProvider clock) => DocumentStore.For(options =>
    {
        options.Connection(parcels.ConnectionString);
        options.DisableNpgsqlLogging = true;
        options.AutoCreateSchemaObjects = AutoCreate.None;
        options.Events.TimeProvider = clock;
        options.UseTimePartitionedEvents(events => events.BoundFetches = true);
    });

    private static async Task<(long? Version, int Scans)> FetchAsync(ParcelStore parcels, ParcelStream stream)
    {
        await using var session = parcels.Session();
        var writing = await stream.FetchForWritingAsync(session);
        return (writing.Version, writing.Parcel!.Scans);
    }

    private static async Task<List<string>> LeavesAsync(ParcelStore parcels, string read, ParcelStream stream)
    {
        var lines = await parcels.DataSource.ColumnAsync<string>(
            "EXPLAIN " + read.Replace("$1", $"'{stream.Value}'", StringComparison.Ordinal));
        return [.. lines.SelectMany(line => Regex.Matches(line, "mt_events_(m[0-9]{6}|head|tail)\\b"))
            .Select(match => match.Value).Distinct()];
    }
}
