using MartenEventing.Conversion;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Tests.Tenants;
using Npgsql;

namespace MartenEventing.Tests.Security;

/// <summary>Advisory locks are open to whoever may log in.</summary>
public sealed class MaintenanceLockTests
{
    private static readonly PartitionOptions Options = new() { LockBackOff = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task a_lock_that_a_stranger_holds_is_told_of_and_not_taken_for_a_maintainer()
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        var key = await store.Owner.ScalarAsync<long>("SELECT mt_maintenance_lock()");
        var mallory = await store.RoleAsync();
        await using var connection = await mallory.DataSource.OpenConnectionAsync();
        await connection.RunAsync($"SELECT pg_advisory_lock({key})");
        var pass = new MaintenancePass(store.Owner, "public", Options);

        var errors = new[]
        {
            await Should.ThrowAsync<MaintenanceLockTakenException>(() => pass.RunAsync()),
            await Should.ThrowAsync<MaintenanceLockTakenException>(
                () => new StoreConversion(store.Owner, "public").RevertAsync()),
        };

        errors.ShouldAllBe(error => error.Role == mallory.Name && error.ProcessId == connection.ProcessID);
        await store.Superuser.ExecuteAsync($"SELECT pg_terminate_backend({errors[0].ProcessId})");
        await Until.TrueAsync(async () => !(await pass.RunAsync()).Skipped);
    }

    [Fact]
    public async Task a_rebuild_that_a_stranger_pretends_holds_up_no_retention()
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        var key = await store.Owner.ScalarAsync<long>("SELECT mt_rebuild_lock()");
        var (mallory, app) = (await store.RoleAsync(), await store.RoleAsync("GRANT SELECT ON mt_events TO {role}"));
        await using var pretended = await mallory.DataSource.OpenConnectionAsync();
        await pretended.RunAsync($"SELECT pg_advisory_lock_shared({key})");

        (await GatesAsync(store)).ShouldBeEmpty();

        await using var meant = await app.DataSource.OpenConnectionAsync();
        await meant.RunAsync($"SELECT pg_advisory_lock_shared({key})");
        (await GatesAsync(store)).ShouldBe(["rebuild"]);
    }

    private static Task<List<string>> GatesAsync(SecuredStore store) =>
        store.Owner.ColumnAsync<string>("SELECT gate FROM mt_retention_gates('{}')");
}
