using MartenEventing.Events;
using MartenEventing.TestSupport;
using MartenEventing.Tests.Tenants;

namespace MartenEventing.Tests.Events;

/// <summary>The function <c>mt_stream_events</c>: a stream's rows from the partitions of its life.</summary>
public sealed class StreamEventsTests
{
    private static readonly DateTimeOffset ThisMonth =
        new(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task only_the_partitions_of_the_streams_life_are_scanned()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        await database.FillMonthsAsync(store, perMonth: 5);
        var stream = Guid.NewGuid();
        await store.AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(3));
        var nextMonth = ThisMonth.AddMonths(1);
        await database.ExecuteAsync(
            "UPDATE mt_streams SET created = $2, timestamp = $2 WHERE id = $1", stream, nextMonth.AddDays(9));
        await database.ExecuteAsync(
            "UPDATE mt_events SET timestamp = $2 WHERE stream_id = $1", stream, nextMonth.AddDays(9));
        var before = await database.ScansAsync();

        (await VersionsAsync(database, stream)).ShouldBe([1, 2, 3]);

        (await database.ScansAsync()).Except(before).Select(scan => scan.Split(' ')[0])
            .ShouldBe([$"mt_events_m{nextMonth:yyyyMM}"]);
    }

    [Fact]
    public async Task events_anywhere_else_are_found_too()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var stream = Guid.NewGuid();
        await new PostgresEventStore(database.DataSource).AppendAsync(stream, ExpectedVersion.Any,
            [Parcel.Scanned(), Parcel.ScannedAt(DateTimeOffset.UnixEpoch), Parcel.ScannedAt(ThisMonth.AddMonths(2)),
             Parcel.ScannedAt(new DateTimeOffset(2099, 1, 1, 0, 0, 0, default)), Parcel.Scanned()]);
        await database.ExecuteAsync("UPDATE mt_events SET timestamp = '-infinity' WHERE version = 5");

        (await VersionsAsync(database, stream)).ShouldBe([1, 2, 3, 4, 5]);
        (await VersionsAsync(database, stream, after: 3)).ShouldBe([4, 5]);
        (await VersionsAsync(database, stream, after: 5)).ShouldBeEmpty();
        (await VersionsAsync(database, stream, after: 6)).ShouldBeEmpty();
        (await VersionsAsync(database, Guid.NewGuid())).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("DELETE FROM mt_events WHERE version = 2", "1,3")]
    [InlineData("UPDATE mt_events SET is_archived = true; UPDATE mt_streams SET is_archived = true", "1,2,3")]
    [InlineData("UPDATE mt_streams SET version = NULL", "1,2,3")]
    [InlineData("UPDATE mt_streams SET version = 0", "1,2,3")]
    [InlineData("UPDATE mt_events SET version = version - 2", "-1,0,1")]
    [InlineData("UPDATE mt_streams SET created = '4713-01-01 BC', timestamp = '294276-12-31'", "1,2,3")]
    [InlineData("UPDATE mt_streams SET created = '-infinity', timestamp = 'infinity'", "1,2,3")]
    [InlineData("UPDATE mt_streams SET created = '2001-01-01', timestamp = '2001-01-01'", "1,2,3")]
    [InlineData("DELETE FROM mt_streams", "")]
    public async Task whatever_mt_streams_tells_every_event_is_read(string change, string expected)
    {
        await using var database = await StoreDatabase.CreateAsync();
        var stream = Guid.NewGuid();
        await new PostgresEventStore(database.DataSource).AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(3));
        await database.ExecuteAsync(
            "ALTER TABLE mt_streams DISABLE TRIGGER USER; ALTER TABLE mt_events DISABLE TRIGGER USER; " + change);
        if (expected == "")
            await database.ExecuteAsync("DELETE FROM mt_events");

        string.Join(',', await VersionsAsync(database, stream)).ShouldBe(expected);
    }

    [Fact]
    public async Task tenants_are_told_apart()
    {
        await using var database = await TenantStore.CreateAsync();
        var stream = Guid.NewGuid();
        await database.StoreOf("north").AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(2));
        await database.StoreOf("south").AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(3));

        foreach (var (tenant, versions) in new[] { ("north", 2), ("south", 3), ("west", 0) })
            (await database.ScalarAsync<long>(
                "SELECT count(*) FROM mt_stream_events(null::mt_events, $1, $2) WHERE tenant_id = $1", tenant, stream))
                .ShouldBe(versions);
    }

    [Fact]
    public async Task what_other_tenants_have_is_not_even_locked()
    {
        await using var database = await TenantStore.CreateAsync();
        var stream = Guid.NewGuid();
        await database.StoreOf("north").AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(2));
        await database.StoreOf("south").AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(3));

        var printed = await Psql.RunAsync(database.ConnectionString,
            $"""
             \pset tuples_only on
             \pset format unaligned
             BEGIN;
             SELECT count(*) FROM mt_stream_events(null::mt_events, 'south', '{stream}');
             SELECT count(*) FILTER (WHERE p.tenant = 'south'), count(*) FILTER (WHERE p.tenant <> 'south')
               FROM pg_locks l JOIN mt_all_partitions() p ON to_regclass(p.name) = l.relation
              WHERE l.pid = pg_backend_pid();
             COMMIT;
             """);

        printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["3", "1|0"]);
    }

    [Fact]
    public async Task a_session_that_has_planned_it_sees_new_columns_partitions_and_another_table()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var stream = Guid.NewGuid();
        await new PostgresEventStore(database.DataSource).AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(3));

        var printed = await Psql.RunAsync(database.ConnectionString,
            $"""
             \pset tuples_only on
             \pset format unaligned
             PREPARE read AS SELECT count(e), string_agg(e.version::text, ',' ORDER BY e.version)
                               FROM mt_stream_events(null::mt_events, '{stream}') e;
             EXECUTE read;
             ALTER TABLE mt_events ADD COLUMN noted text DEFAULT 'x', DROP COLUMN headers;
             EXECUTE read;
             SELECT DISTINCT noted FROM mt_stream_events(null::mt_events, '{stream}');
             SELECT count(*) FROM mt_provision_history('month', now() - interval '1 year');
             EXECUTE read;
             CREATE TABLE other (LIKE mt_events);
             ALTER TABLE mt_events RENAME TO mt_events_before;
             ALTER TABLE other RENAME TO mt_events;
             INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
             SELECT seq_id, id, stream_id, version, data, type, timestamp FROM mt_events_before WHERE version < 3;
             EXECUTE read;
             SELECT count(*) FROM mt_stream_events(null::mt_events, '{stream}');
             """);

        printed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["3|1,2,3", "3|1,2,3", "x", "12", "3|1,2,3", "2|1,2", "2"]);
    }

    [Fact]
    public async Task it_gives_a_role_what_the_role_may_read_and_nothing_else()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var stream = Guid.NewGuid();
        await new PostgresEventStore(database.DataSource).AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(3));
        await using var reader = await LimitedRole.CreateAsync(database, "SELECT ON mt_events, mt_streams");
        await using var nobody = await LimitedRole.CreateAsync(database, "SELECT ON mt_streams");
        var read = $"SELECT count(*) FROM mt_stream_events(null::mt_events, '{stream}')";

        (await reader.DataSource.ScalarAsync<long>(read)).ShouldBe(3);
        (await Should.ThrowAsync<Npgsql.PostgresException>(nobody.DataSource.ScalarAsync<long>(read)))
            .SqlState.ShouldBe("42501");
        await database.ExecuteAsync(
            "ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY; CREATE POLICY odd ON mt_events USING (version % 2 = 1)");
        (await reader.DataSource.ScalarAsync<long>(read)).ShouldBe(2);
    }

    /// <summary>
    /// Both ways of reading in one statement see the same rows of the table, whatever happens to it between any two.
    /// </summary>
    [Fact]
    public async Task while_everything_changes_it_gives_what_the_table_gives()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await database.ExecuteAsync("SELECT mt_provision_history('month', now() - interval '1 year')");
        using var end = new CancellationTokenSource();
        var changes = Task.Run(() => ChangeAsync(database, new Random(Effort.Seed), end.Token));

        var (reads, events) = (0L, 0L);
        while (reads < Effort.Of(share: 2_000, full: 1_000_000))
        {
            var row = (await database.ColumnAsync<long[]>(Compare)).Single();
            row[2].ShouldBe(0);
            (reads, events) = (reads + row[0], events + row[1]);
        }

        await end.CancelAsync();
        await changes;
        events.ShouldBeGreaterThan(reads);
    }

    private const string Compare =
        """
        WITH compared AS MATERIALIZED (
            SELECT s.id, 1 AS way, e.seq_id, e.version, e.timestamp, e.is_archived
              FROM (SELECT id FROM mt_streams UNION ALL SELECT gen_random_uuid()) s,
                   mt_stream_events(null::mt_events, s.id) e
             UNION ALL
            SELECT e.stream_id, -1, e.seq_id, e.version, e.timestamp, e.is_archived FROM mt_events e)
        SELECT ARRAY[(SELECT count(*) FROM mt_streams) + 1, (SELECT count(*) FROM compared WHERE way = 1),
                     (SELECT count(*) FROM (SELECT FROM compared
                       GROUP BY id, seq_id, version, timestamp, is_archived HAVING sum(way) <> 0) d)]
        """;

    private static async Task ChangeAsync(StoreDatabase database, Random random, CancellationToken end)
    {
        var store = new PostgresEventStore(database.DataSource);
        var streams = new List<Guid>();
        while (!end.IsCancellationRequested)
        {
            if (streams.Count < 40)
                streams.Add(random.Next(2) == 0 ? Guid.CreateVersion7() : Guid.NewGuid());
            var stream = streams[random.Next(streams.Count)];
            var when = DateTimeOffset.UtcNow.AddDays(random.Next(4) == 0 ? random.Next(-400, 200) : 0);
            switch (random.Next(12))
            {
                case 0:
                    await database.ExecuteAsync(
                        """
                        DO $$ DECLARE month record;
                        BEGIN
                            SELECT * INTO month FROM mt_partitions() p WHERE p.kind = 'month' ORDER BY random() LIMIT 1;
                            EXECUTE format('ALTER TABLE mt_events DETACH PARTITION %I', month.name);
                            PERFORM pg_sleep(0.002);
                            EXECUTE format('ALTER TABLE mt_events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                                           month.name, month.lower_bound, month.upper_bound);
                        END $$
                        """);
                    break;
                case 1:
                    await database.ExecuteAsync(
                        """
                        UPDATE mt_streams SET created = now() - random() * interval '1 year',
                                              timestamp = now() - random() * interval '1 year'
                         WHERE id = $1
                        """, stream);
                    break;
                case 2:
                    await database.ExecuteAsync(
                        "DELETE FROM mt_events WHERE stream_id = $1 AND version = 1 + (random() * 4)::int", stream);
                    break;
                case 3:
                    await database.ExecuteAsync(
                        "UPDATE mt_events SET timestamp = now() - random() * interval '1 year' WHERE stream_id = $1 "
                        + "AND version = 1 + (random() * 4)::int", stream);
                    break;
                default:
                    await store.AppendAsync(stream, ExpectedVersion.Any, [Parcel.ScannedAt(when)]);
                    break;
            }
        }
    }

    private static Task<List<long>> VersionsAsync(StoreDatabase database, Guid stream, long? after = null) =>
        database.ColumnAsync<long>(
            $"SELECT version FROM mt_stream_events(null::mt_events, $1, {after?.ToString() ?? "null"}) ORDER BY 1",
            stream);
}
