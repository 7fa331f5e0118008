using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Partitioning;

public sealed class RetentionTests
{
    private const string Drop = "SELECT drop_old_partitions(3)";

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task a_stream_is_kept_whole_or_removed_whole(EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-9, tenancy);
        var random = new Random(20261120);
        string[] tenants = tenancy == EventTenancy.Single ? ["*DEFAULT*"] : ["*DEFAULT*", "b"];
        foreach (var tenant in tenants)
            for (var stream = 0; stream < 120; stream++)
            {
                var id = new Guid(stream, 1, 1, new byte[8]);
                var latest = random.Next(-11, 3);
                for (var events = random.Next(1, 6); events > 0; events--)
                {
                    var at = Month(random.Next(-11, latest + 1)).AddHours(random.Next(600));
                    await store.DataSource.AppendAsync(id, at, random.Next(1, 4), tenant: tenant);
                }
            }

        await store.ExecuteAsync(
            """
            CREATE TABLE expected AS
            SELECT seq_id, id, tenant_id, stream_id, version, timestamp FROM mt_events e
             WHERE timestamp >= $1
                OR (tenant_id, stream_id) IN (SELECT tenant_id, stream_id FROM mt_events WHERE timestamp >= $1)
            """,
            Month(-3));

        (await store.ColumnAsync<string>(Drop)).ShouldBe(Enumerable.Range(-9, 6).Select(MonthName).ToList());

        (await store.ScalarAsync<long>(
            """
            SELECT count(*) FROM (SELECT seq_id, id, tenant_id, stream_id, version, timestamp FROM mt_events) e
              FULL JOIN expected x USING (seq_id, id, tenant_id, stream_id, version, timestamp)
             WHERE e IS NULL OR x IS NULL
            """)).ShouldBe(0);
        (await store.ScalarAsync<long>(
            """
            SELECT count(*)
              FROM (SELECT tenant_id, stream_id AS id, max(version) AS version FROM mt_events GROUP BY 1, 2) e
              FULL JOIN (SELECT tenant_id, id, version FROM mt_streams) s USING (tenant_id, id, version)
             WHERE e IS NULL OR s IS NULL
            """)).ShouldBe(0);
        (await store.LayoutAsync()).Take(2).ShouldBe(["mt_events_head open", $"{MonthName(-3)} open"]);
        (await store.PartitionOfAsync(await store.AppendAsync(Month(-4)))).ShouldBe("mt_events_head");
        (await store.ScalarAsync<long>(
            "SELECT count(*) FROM mt_stream_bounds WHERE stream_id NOT IN (SELECT id FROM mt_streams)")).ShouldBe(0);
    }

    [Fact]
    public async Task a_month_that_a_projection_has_not_passed_is_kept_and_so_are_those_after_it()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        var first = await store.AppendAsync(Month(-6), 3);
        var second = await store.AppendAsync(Month(-5), 3);
        await store.ExecuteAsync(
            "INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('HighWaterMark', 1), ('Parcels:All', $1)",
            first);

        (await store.ColumnAsync<string>(Drop)).ShouldBe([MonthName(-6)]);
        await store.ExecuteAsync("UPDATE mt_event_progression SET last_seq_id = $1 WHERE name = 'Parcels:All'", second);

        (await store.ColumnAsync<string>(Drop)).ShouldBe([MonthName(-5), MonthName(-4)]);
    }

    [Theory]
    [InlineData("HighWaterMark")]
    [InlineData("HighWaterAllocationFence")]
    [InlineData("HighWaterStuckGap")]
    public async Task what_the_daemon_notes_about_the_sequence_keeps_no_month(string note)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        await store.AppendAsync(Month(-6), 3);
        await store.ExecuteAsync($"INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('{note}', 1)");

        (await store.ColumnAsync<string>(Drop)).ShouldContain(MonthName(-6));
    }

    [Theory]
    [InlineData("NULL")]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task everything_is_kept_for_ever_where_no_retention_is_given(string months)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);

        (await store.ColumnAsync<string>($"SELECT drop_old_partitions({months})")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_stream_that_somebody_writes_to_at_this_moment_lives()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-6);
        var stream = Guid.NewGuid();
        await store.DataSource.AppendAsync(stream, Month(-6), 2);
        await store.AppendAsync(Month(-6));
        await using var writer = await store.DataSource.OpenConnectionAsync();
        await using var writing = await writer.BeginTransactionAsync();
        await new NpgsqlCommand($"UPDATE mt_streams SET version = 3 WHERE id = '{stream}'", writer)
            .ExecuteNonQueryAsync();

        (await store.ColumnAsync<string>(Drop)).Count.ShouldBe(3);
        await new NpgsqlCommand(
            "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) "
            + $"VALUES (nextval('mt_events_sequence'), gen_random_uuid(), '{stream}', 3, '1', 'late', now())",
            writer).ExecuteNonQueryAsync();
        await writing.CommitAsync();

        (await store.ColumnAsync<long>("SELECT version FROM mt_events ORDER BY version")).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task a_sealed_head_takes_the_carried_events_and_is_unsealed()
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-4);
        var stream = Guid.NewGuid();
        await store.DataSource.AppendAsync(stream, Month(-4));
        var last = await store.DataSource.AppendAsync(stream, Month(0));
        foreach (var name in (string[])["mt_events_head", MonthName(-4)])
        {
            await store.ExecuteAsync($"SELECT mt_seal_partition('{name}')");
            await store.ExecuteAsync($"ALTER TABLE {name} VALIDATE CONSTRAINT mt_sealed");
        }

        (await store.ColumnAsync<string>(Drop)).ShouldBe([MonthName(-4)]);

        (await store.PartitionOfAsync(last - 1)).ShouldBe("mt_events_head");
        (await store.LayoutAsync())[0].ShouldBe("mt_events_head open");
        (await store.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE '%_claim'")).ShouldBe(0);
    }
}
