using MartenEventing.TestSupport.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Partitioning;

public sealed class PublishedNamesTests
{
    [Fact]
    public async Task create_monthly_partition_makes_the_month_and_those_between()
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await CreateAsync(store, Month(5))).ShouldBe(MonthName(5));
        (await CreateAsync(store, Month(5))).ShouldBe(MonthName(5));
        (await CreateAsync(store, Month(-2))).ShouldBe(MonthName(-2));
        (await CreateAsync(store, Month(0))).ShouldBe(MonthName(0));

        (await store.ColumnAsync<string>("SELECT name FROM mt_partitions()")).ShouldBe(
            ["mt_events_head", .. Enumerable.Range(-2, 8).Select(MonthName), "mt_events_tail"]);
    }

    [Fact]
    public async Task create_monthly_partition_keeps_to_the_period_of_the_store()
    {
        await using var store = await StoreDatabase.CreateAsync(period: MartenEventing.Schema.PartitionPeriod.Year);

        (await CreateAsync(store, new DateTimeOffset(DateTime.UtcNow.Year + 5, 5, 1, 0, 0, 0, TimeSpan.Zero)))
            .ShouldBe($"mt_events_y{DateTime.UtcNow.Year + 5}");
    }

    [Theory]
    [InlineData(-241)]
    [InlineData(245)]
    public async Task create_monthly_partition_refuses_a_date_that_is_a_slip(int offset)
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await Should.ThrowAsync<PostgresException>(() => CreateAsync(store, Month(offset))))
            .SqlState.ShouldBe(PostgresErrorCodes.InvalidParameterValue);
    }

    [Fact]
    public async Task ensure_event_store_partition_creates_and_drops_for_any_tenant()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await CreateAsync(store, Month(-20));

        (await store.ColumnAsync<string>(
            "SELECT action || ' ' || partition_name FROM ensure_event_store_partition('tenant-a', 5)"))
            .ShouldBe(
            [
                $"created {MonthName(4)}", $"created {MonthName(5)}",
                $"dropped {MonthName(-20)}", $"dropped {MonthName(-19)}",
            ]);
        (await store.ColumnAsync<string>(
            "SELECT action || ' ' || partition_name FROM ensure_event_store_partitions_for_all(6, NULL)"))
            .ShouldBe([$"created {MonthName(6)}"]);
        (await store.ColumnAsync<string>(
            "SELECT action || ' ' || partition_name FROM ensure_event_store_partitions_for_all(6, 17)"))
            .ShouldBe([$"dropped {MonthName(-18)}"]);
    }

    [Fact]
    public async Task the_views_show_each_partition_and_all_of_them()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.FillAsync(Month(0), TimeSpan.FromSeconds(1), 1000);
        await store.ExecuteAsync("ANALYZE mt_events");

        (await store.ColumnAsync<string>(
            "SELECT partition_name || ' ' || event_count FROM event_store_partition_metrics WHERE event_count > 0"))
            .ShouldBe([$"{MonthName(0)} 1000"]);
        (await store.ScalarAsync<bool>(
            """
            SELECT o.partition_count = 6 AND o.event_count = 1000 AND o.first_bound = $1 AND o.last_bound = $2
               AND o.total_bytes = (SELECT sum(m.total_bytes) FROM event_store_partition_metrics m)
               AND o.largest_bytes > o.median_bytes AND o.median_bytes >= o.smallest_bytes
              FROM event_store_partition_overview o
            """,
            Month(0), Month(4))).ShouldBeTrue();
    }

    [Fact]
    public async Task a_plain_store_has_the_names_too_and_says_what_it_is()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: MartenEventing.Schema.StoreLayout.Plain);

        (await Should.ThrowAsync<PostgresException>(() => CreateAsync(store, Month(5))))
            .SqlState.ShouldBe(PostgresErrorCodes.ObjectNotInPrerequisiteState);
        (await store.ColumnAsync<string>("SELECT partition_name FROM event_store_partition_metrics")).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_bloom_index_on_the_stream_may_be_added_and_new_partitions_get_it()
    {
        foreach (var identity in Enum.GetValues<MartenEventing.Schema.StreamIdentity>())
        {
            await using var store = await StoreDatabase.CreateAsync(identity);

            await store.ExecuteAsync("SELECT mt_create_stream_bloom_index()");
            await CreateAsync(store, Month(4));

            (await store.ScalarAsync<long>("SELECT count(*) FROM pg_index WHERE indrelid = $1::regclass", MonthName(4)))
                .ShouldBe(4);
        }
    }

    [Fact]
    public async Task new_partitions_take_the_targets_of_statistics_from_the_table()
    {
        await using var store = await StoreDatabase.CreateAsync();

        await store.ExecuteAsync("ALTER TABLE mt_events ALTER COLUMN stream_id SET STATISTICS 1");
        await CreateAsync(store, Month(4));

        (await store.ColumnAsync<string>(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = $1::regclass AND attstattarget = 1", MonthName(4)))
            .ShouldBe(["stream_id"]);
    }

    private static Task<string> CreateAsync(StoreDatabase store, DateTimeOffset month) =>
        store.ScalarAsync<string>("SELECT create_monthly_partition($1)", DateOnly.FromDateTime(month.UtcDateTime));
}
