using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Partitioning;

/// <summary>Tenants with streams of their own share the partitions.</summary>
public sealed class ConjoinedPartitionsTests
{
    private static readonly Guid Stream = new("5b1d3c64-6b2c-4d0d-9a3e-0d8a4d2f7a11");

    [Fact]
    public async Task a_tail_that_holds_streams_of_one_id_in_two_tenants_becomes_a_partition()
    {
        await using var store = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        await AppendToBothAsync(store, Month(5));

        await store.ExecuteAsync("SELECT mt_provision_partitions('month', 6)");

        (await store.ColumnAsync<string>("SELECT tenant_id || ' ' || tableoid::regclass FROM mt_events ORDER BY 1"))
            .ShouldBe([$"a {Wide()}", $"a {Wide()}", $"b {Wide()}", $"b {Wide()}"]);
        (await store.ScalarAsync<string>($"SELECT pg_get_indexdef('{Wide()}_stream_id_version_idx'::regclass)"))
            .ShouldEndWith("(tenant_id, stream_id, version)");

        static string Wide() => $"mt_events_m{Month(4):yyyyMM}_to_m{Month(5):yyyyMM}";
    }

    [Fact]
    public async Task history_cut_from_the_head_takes_the_events_of_all_tenants_along()
    {
        await using var store = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        await AppendToBothAsync(store, Month(-3));

        await store.ExecuteAsync("SELECT mt_provision_history('month', $1)", Month(-4));

        (await store.ColumnAsync<string>($"SELECT tenant_id FROM {MonthName(-3)} ORDER BY 1")).ShouldBe(
            ["a", "a", "b", "b"]);
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events_head")).ShouldBe(0);
    }

    [Fact]
    public async Task a_late_event_of_one_tenant_unseals_the_month_of_all()
    {
        await using var store = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        await AppendToBothAsync(store, Month(1));
        await store.ExecuteAsync(
            $"SELECT mt_seal_partition('{MonthName(1)}'); ALTER TABLE {MonthName(1)} VALIDATE CONSTRAINT mt_sealed");
        (await store.LayoutAsync()).ShouldContain($"{MonthName(1)} sealed");

        await store.DataSource.AppendAsync(Stream, Month(1), tenant: "b");

        (await store.LayoutAsync()).ShouldContain($"{MonthName(1)} withdrawn");
    }

    [Fact]
    public async Task a_stream_may_expire_in_one_tenant_and_live_on_in_another()
    {
        await using var store = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        await store.ExecuteAsync("SELECT mt_provision_history('month', $1)", Month(-6));
        await AppendToBothAsync(store, Month(-6));
        await store.DataSource.AppendAsync(Stream, Month(0), tenant: "b");

        await store.ExecuteAsync("SELECT drop_old_partitions(3)");

        (await store.ColumnAsync<string>("SELECT tenant_id || ' ' || version FROM mt_events ORDER BY 1"))
            .ShouldBe(["b 1", "b 2", "b 3"]);
        (await store.ColumnAsync<string>("SELECT tenant_id FROM mt_streams")).ShouldBe(["b"]);
        (await store.ColumnAsync<string>("SELECT tenant_id FROM mt_stream_bounds")).ShouldBe(["b"]);
    }

    [Fact]
    public async Task a_stream_that_one_tenant_holds_at_this_moment_does_not_keep_the_others_from_expiring()
    {
        await using var store = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        await store.ExecuteAsync("SELECT mt_provision_history('month', $1)", Month(-6));
        await AppendToBothAsync(store, Month(-6));
        await using var holder = await store.DataSource.OpenConnectionAsync();
        await using var holding = await holder.BeginTransactionAsync();
        await new NpgsqlCommand("SELECT FROM mt_streams WHERE tenant_id = 'a' FOR UPDATE", holder)
            .ExecuteNonQueryAsync();

        await store.ExecuteAsync("SELECT drop_old_partitions(3)");

        (await store.ColumnAsync<string>("SELECT tenant_id FROM mt_streams")).ShouldBe(["a"]);
        (await store.ColumnAsync<string>("SELECT DISTINCT tenant_id FROM mt_events")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task recent_activity_counts_streams_of_one_id_in_two_tenants_as_two()
    {
        await using var store = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        await AppendToBothAsync(store, DateTimeOffset.UtcNow.AddSeconds(-1));

        (await store.ScalarAsync<long>("SELECT max(stream_count) FROM event_store_recent_activity")).ShouldBe(2);
    }

    private static async Task AppendToBothAsync(StoreDatabase store, DateTimeOffset at)
    {
        await store.DataSource.AppendAsync(Stream, at, 2, tenant: "a");
        await store.DataSource.AppendAsync(Stream, at, 2, tenant: "b");
    }
}
