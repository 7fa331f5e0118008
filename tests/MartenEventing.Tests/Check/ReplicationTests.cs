using MartenEventing.Check;
using MartenEventing.Schema;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Check;

/// <summary>What logical replication brings in: first all that is there, then what is written.</summary>
public sealed class ReplicationTests
{
    [Theory]
    [InlineData(StoreLayout.Plain, StoreLayout.Partitioned, false, EventTenancy.Single)]
    [InlineData(StoreLayout.Plain, StoreLayout.Partitioned, false, EventTenancy.Conjoined)]
    [InlineData(StoreLayout.Partitioned, StoreLayout.Plain, true, EventTenancy.Single)]
    [InlineData(StoreLayout.Partitioned, StoreLayout.Partitioned, true, EventTenancy.Single)]
    [InlineData(StoreLayout.Partitioned, StoreLayout.Partitioned, false, EventTenancy.Single)]
    public async Task a_subscriber_has_what_the_publisher_has(
        StoreLayout from, StoreLayout to, bool viaRoot, EventTenancy tenancy)
    {
        await using var origin = await MovedStore.FilledAsync(from, tenancy);
        await using var store = await MovedStore.EmptyAsync(to, tenancy);
        await using (var subscription = await Subscription.CreateAsync(origin, store, viaRoot))
        {
            await MovedStore.WriteAsync(origin, 21, 10);
            await UntilEqualAsync(store, origin);

            var report = await new StoreCheck(store.DataSource).CheckAsync();

            report.Findings.Single(found => found.Check == "subscriptions").Examples
                .ShouldBe([$"{subscription.Name} (enabled)"]);
            if (report.Findings.Any(found => found is { IsFault: true, Found: > 0 }))
                (await Should.ThrowAsync<RepairRefusedException>(
                    () => new StoreCheck(store.DataSource).PlanRepairAsync(report)))
                    .Message.ShouldContain(subscription.Name);
            (await new SchemaMigrator(
                store.DataSource, new SchemaOptions { Layout = to, Tenancy = tenancy }).GetStatusAsync())
                .Subscriptions.ShouldBe([subscription.Name]);
        }

        // The sequence is nothing that replication brings.
        await store.ShouldEqualAsync(origin, "sequence");
    }

    private static async Task UntilEqualAsync(StoreDatabase store, StoreDatabase origin)
    {
        var expected = await origin.HashAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await store.HashAsync() != expected)
        {
            limit.IsCancellationRequested.ShouldBeFalse();
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>A publication in one database and a subscription to it in another one of the same server.</summary>
    private sealed class Subscription : IAsyncDisposable
    {
        private readonly NpgsqlDataSource _origin;
        private readonly NpgsqlDataSource _target;

        private Subscription(NpgsqlDataSource origin, NpgsqlDataSource target) => (_origin, _target) = (origin, target);

        public string Name { get; } = "s" + Guid.NewGuid().ToString("N");

        public static async Task<Subscription> CreateAsync(StoreDatabase origin, StoreDatabase target, bool viaRoot)
        {
            var made = new Subscription(await origin.AsSuperuserAsync(), await target.AsSuperuserAsync());
            var to = new NpgsqlConnectionStringBuilder(await origin.SuperuserStringAsync());
            await made._origin.ExecuteAsync(
                $"CREATE PUBLICATION {made.Name} FOR TABLE mt_streams, mt_events WITH (publish_via_partition_root = " +
                $"{viaRoot})");
            await made._origin.ExecuteAsync($"SELECT pg_create_logical_replication_slot('{made.Name}', 'pgoutput')");
            await made._target.ExecuteAsync(
                $"""
                 CREATE SUBSCRIPTION {made.Name}
                 CONNECTION 'host={to.Host} port={to.Port} dbname={to.Database} '
                            'user={to.Username} password={to.Password}'
                 PUBLICATION {made.Name} WITH (create_slot = false, slot_name = '{made.Name}')
                 """);
            return made;
        }

        public async ValueTask DisposeAsync()
        {
            await _target.ExecuteAsync($"ALTER SUBSCRIPTION {Name} DISABLE");
            await _target.ExecuteAsync($"ALTER SUBSCRIPTION {Name} SET (slot_name = NONE)");
            await _target.ExecuteAsync($"DROP SUBSCRIPTION {Name}");
            await _origin.ExecuteAsync(
                $"""
                 SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name LIKE '{Name}%'
                        AND active;
                 """);
            for (var tries = 0; ; tries++)
            {
                try
                {
                    await _origin.ExecuteAsync($"SELECT pg_drop_replication_slot('{Name}')");
                    break;
                }
                catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ObjectInUse && tries < 200)
                {
                    await Task.Delay(50);
                }
            }

            await _origin.DisposeAsync();
            await _target.DisposeAsync();
        }
    }
}
