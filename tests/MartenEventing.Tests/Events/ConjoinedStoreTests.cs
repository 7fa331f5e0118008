using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.Tests.Guard;

namespace MartenEventing.Tests.Events;

/// <summary>Two stores on one conjoined database, each for a tenant of its own, with streams of the same ids.</summary>
public sealed class ConjoinedStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset ThisMonth =
        new(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly StreamId _stream = Guid.CreateVersion7();
    private StoreDatabase _database = null!;
    private PostgresEventStore _ours = null!;
    private PostgresEventStore _theirs = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        (_ours, _theirs) = (_database.StoreOf("ours"), _database.StoreOf("theirs"));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task each_tenant_has_a_stream_of_the_id()
    {
        await _ours.AppendAsync(_stream, ExpectedVersion.NoStream, Parcel.Scans(2));
        await _theirs.AppendAsync(_stream, ExpectedVersion.NoStream, Parcel.Scans(3));
        await _ours.AppendAsync(_stream, 2, Parcel.Scans(1));

        (await _ours.GetStreamAsync(_stream))!.Version.ShouldBe(3);
        (await _theirs.LoadStreamAsync(_stream)).Select(found => (found.Version, found.TenantId))
            .ShouldBe([(1, "theirs"), (2, "theirs"), (3, "theirs")]);
    }

    [Fact]
    public async Task a_conflict_tells_of_the_own_stream()
    {
        await _theirs.AppendAsync(_stream, ExpectedVersion.NoStream, Parcel.Scans(5));
        await _ours.AppendAsync(_stream, ExpectedVersion.NoStream, Parcel.Scans(2));

        var conflict = await Should.ThrowAsync<StreamVersionConflictException>(
            _ours.AppendAsync(_stream, 5, Parcel.Scans(1)));

        conflict.Actual.ShouldBe(2);
    }

    [Fact]
    public async Task a_stream_archived_in_one_tenant_takes_events_in_another()
    {
        await _theirs.AppendAsync(_stream, ExpectedVersion.NoStream, Parcel.Scans(1));
        await _database.ExecuteAsync("UPDATE mt_streams SET is_archived = true");

        await _ours.AppendAsync(_stream, ExpectedVersion.NoStream, Parcel.Scans(1));
        await _ours.AppendAsync([new StreamAppend(_stream, 1, Parcel.Scans(1)),
            new StreamAppend(Guid.NewGuid(), ExpectedVersion.Any, Parcel.Scans(1))]);

        await Should.ThrowAsync<StreamArchivedException>(
            _theirs.AppendAsync(_stream, ExpectedVersion.Any, Parcel.Scans(1)));
    }

    [Fact]
    public async Task pages_and_all_events_and_queries_hold_the_own_events_only()
    {
        await _database.FillMonthsAsync(_ours, 10);
        await _database.FillMonthsAsync(_theirs, 10);
        await _database.SealAsync($"mt_events_m{ThisMonth.AddMonths(1):yyyyMM}");
        await _ours.AppendAsync(_stream, ExpectedVersion.Any, Parcel.Scans(1));

        (await AllOfPagesAsync()).ShouldBe([.. Enumerable.Range(1, 40), 81]);
        (await _ours.ReadAllAsync().Select(found => found.Sequence).ToListAsync())
            .ShouldBe([.. Enumerable.Range(1, 40), 81]);
        (await _theirs.ReadPageAsync(0, 10_000)).Events.Count.ShouldBe(40);
        (await _theirs.QueryAsync(new EventQuery { Types = ["parcel_scanned"] })).Events
            .ShouldAllBe(found => found.TenantId == "theirs");
        (await _theirs.QueryAsync(new EventQuery { Stream = _stream })).Events.ShouldBeEmpty();
        (await _ours.QueryAsync(new EventQuery { Stream = _stream })).Events.Count.ShouldBe(1);

        async Task<List<long>> AllOfPagesAsync()
        {
            var sequences = new List<long> { 0 };
            for (var more = true; more;)
            {
                var page = await _ours.ReadPageAsync(sequences[^1], 7);
                sequences.AddRange(page.Events.Select(found => found.Sequence));
                more = page.NextCursor is not null;
            }

            return sequences[1..];
        }
    }

    [Fact]
    public async Task events_and_streams_of_others_are_not_found()
    {
        await _theirs.AppendAsync(_stream, ExpectedVersion.NoStream, Parcel.Scans(1));
        var id = (await _theirs.LoadStreamAsync(_stream))[0].Id;

        (await _ours.LoadStreamAsync(_stream)).ShouldBeEmpty();
        (await _ours.GetStreamAsync(_stream)).ShouldBeNull();
        (await _ours.ListStreamsAsync(new StreamQuery())).Streams.ShouldBeEmpty();
        (await _ours.GetEventAsync(id)).ShouldBeNull();
        (await _theirs.GetEventAsync(id)).ShouldNotBeNull();
        (await _theirs.ListStreamsAsync(new StreamQuery())).Streams.Count.ShouldBe(1);
    }

    [Fact]
    public async Task events_far_from_the_life_of_their_stream_are_found_in_their_tenant()
    {
        StreamId stream = Guid.NewGuid();
        DateTimeOffset[] times = [new(2099, 1, 1, 0, 0, 0, default), DateTimeOffset.UnixEpoch, ThisMonth.AddMonths(2)];
        await _theirs.AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(2));
        foreach (var time in times)
            await _ours.AppendAsync(stream, ExpectedVersion.Any, [Parcel.ScannedAt(time)]);
        await _database.ExecuteAsync("DELETE FROM mt_events WHERE tenant_id = 'ours' AND version = 3");

        foreach (var store in new[] { _ours, _database.StoreOf("ours") })
            (await store.LoadStreamAsync(stream)).Select(found => found.Timestamp).ShouldBe(times[..2]);
        (await _database.StoreOf("theirs").LoadStreamAsync(stream)).Count.ShouldBe(2);
        (await _database.ColumnAsync<string>("SELECT tenant_id FROM mt_stream_bounds")).ShouldBe(["ours"]);
    }

    [Fact]
    public async Task a_stream_not_seen_before_is_read_through_the_index_of_each_partition()
    {
        await _ours.AppendAsync(
            _stream, ExpectedVersion.Any, [Parcel.Scanned(), Parcel.ScannedAt(ThisMonth.AddMonths(3))]);
        await _theirs.AppendAsync(_stream, ExpectedVersion.Any, [Parcel.ScannedAt(ThisMonth.AddMonths(1))]);
        using var log = new StatementLog();
        await using var source = log.DataSource(_database.ConnectionString);
        var reader = new PostgresEventStore(source, new EventStoreOptions { TenantId = "ours" });
        await reader.LoadStreamAsync(Guid.CreateVersion7());
        log.Take();

        (await reader.LoadStreamAsync(_stream)).Count.ShouldBe(2);
        log.Take().Count.ShouldBe(2);
        (await reader.LoadStreamAsync(_stream)).Count.ShouldBe(2);
        log.Take().Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_reader_without_rights_on_the_partitions_reads_the_own_events_through_the_parent()
    {
        await _ours.AppendAsync(_stream, ExpectedVersion.Any, Parcel.Scans(3));
        await _theirs.AppendAsync(_stream, ExpectedVersion.Any, Parcel.Scans(5));
        await using var reader = await LimitedRole.CreateAsync(
            _database, "SELECT ON mt_events, mt_streams, mt_stream_bounds, mt_partition_epoch");
        var store = new PostgresEventStore(reader.DataSource, new EventStoreOptions { TenantId = "ours" });

        (await store.LoadStreamAsync(_stream)).Count.ShouldBe(3);
        (await store.ReadPageAsync(0)).Events.Count.ShouldBe(3);
    }

    [Fact]
    public async Task a_store_that_names_no_tenant_speaks_for_martens_default_tenant()
    {
        var store = new PostgresEventStore(_database.DataSource);
        await _ours.AppendAsync(_stream, ExpectedVersion.NoStream, Parcel.Scans(2));

        await store.AppendAsync(_stream, ExpectedVersion.NoStream, Parcel.Scans(1));

        (await store.ReadAllAsync().ToListAsync()).ShouldHaveSingleItem().TenantId.ShouldBe("*DEFAULT*");
    }

    [Fact]
    public async Task where_tenants_share_the_streams_the_tenant_is_noted_and_hides_nothing()
    {
        await using var shared = await StoreDatabase.CreateAsync();
        await shared.StoreOf("a").AppendAsync(_stream, ExpectedVersion.NoStream, Parcel.Scans(1));

        await shared.StoreOf("b").AppendAsync(_stream, 1, Parcel.Scans(1));

        (await shared.StoreOf("a").LoadStreamAsync(_stream)).Select(found => found.TenantId).ShouldBe(["a", "b"]);
        (await shared.StoreOf("c").ReadPageAsync(0)).Events.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("1:a", "x", "1", ":ax")]
    [InlineData("a", "bc", "ab", "c")]
    [InlineData("none", "", "non", "e")]
    [InlineData("é'\\", "=", "é'", "\\=")]
    public async Task tenants_and_streams_named_to_be_mistaken_for_each_other_are_told_apart(
        string tenant, string stream, string otherTenant, string otherStream)
    {
        await using var database = await StoreDatabase.CreateAsync(
            StreamIdentity.String, tenancy: EventTenancy.Conjoined);
        await using var connection = await database.DataSource.OpenConnectionAsync();
        const string insert =
            "INSERT INTO mt_events (seq_id, id, tenant_id, stream_id, version, data, type, timestamp) " +
            "VALUES (nextval('mt_events_sequence'), gen_random_uuid(), $1, $2, $3, '{}', 'parcel_scanned', now())";
        await connection.RunAsync(
            "INSERT INTO mt_streams (tenant_id, id, version) VALUES ($1, $2, 0), ($3, $4, 0)",
            tenant, stream, otherTenant, otherStream);
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.RunAsync(insert, tenant, stream, 1L);
            await connection.RunAsync(insert, otherTenant, otherStream, 1L);
            await connection.RunAsync(insert, tenant, stream, 2L);
            await transaction.CommitAsync();
        }

        (await database.ColumnAsync<long>("SELECT version FROM mt_streams ORDER BY version")).ShouldBe([1, 2]);
        var store = database.StoreOf(tenant);
        (await store.LoadStreamAsync(stream.Length == 0 ? "x" : stream)).Count.ShouldBe(stream.Length == 0 ? 0 : 2);
    }
}
