using MartenEventing.Tests.Tenants;
using Npgsql;

namespace MartenEventing.Tests.Security;

/// <summary>A role that may write streams brings as many tenants as it likes.</summary>
public sealed class TenantTests
{
    private const string Application =
        "GRANT SELECT, INSERT, UPDATE ON mt_events, mt_streams TO {role}; GRANT USAGE ON mt_events_sequence TO {role}";

    [Fact]
    public async Task no_more_tenants_come_than_the_store_may_have()
    {
        await using var store = await SecuredStore.CreateAsync(Making.ByTenant);
        var app = await store.RoleAsync(Application);
        await store.Owner.ExecuteAsync("SELECT mt_limit_tenants(2)");

        (await app.TryAsync(Arrival("first"), Arrival("second"), Arrival("first"), "SELECT mt_limit_tenants(3)"))
            .ShouldBe(["done", "54000", "done", "42501"]);

        await store.Owner.ExecuteAsync("SELECT mt_limit_tenants(3)");
        (await app.TryAsync(Arrival("second"))).ShouldBe(["done"]);
    }

    [Fact]
    public async Task one_transaction_does_not_take_the_locks_of_all_others()
    {
        await using var store = await SecuredStore.CreateAsync(Making.ByTenant);
        var app = await store.RoleAsync(Application);

        var outcomes = await app.TryAsync(
            "BEGIN", Arrival("first"),
            "SELECT count(pg_advisory_xact_lock(g)) FROM generate_series(1, "
            + "current_setting('max_locks_per_transaction')::bigint * (current_setting('max_connections')::bigint + "
            + "current_setting('max_prepared_transactions')::bigint) / 4 + 1) g",
            Arrival("second"), "ROLLBACK", Arrival("second"));

        outcomes.ShouldBe(["done", "done", "done", "54000", "done", "done"]);
    }

    [Fact]
    public async Task who_waits_for_an_idle_writer_is_told_who_it_is()
    {
        await using var store = await SecuredStore.CreateAsync(Making.ByTenant);
        var (idle, app) = (await store.RoleAsync(Application), await store.RoleAsync(Application));
        await using var first = await idle.DataSource.OpenConnectionAsync();
        await first.RunAsync("BEGIN");
        await first.RunAsync(Arrival("first"));
        await using var second = await app.DataSource.OpenConnectionAsync();

        var error = await Should.ThrowAsync<PostgresException>(() => second.RunAsync(Arrival("second")));

        error.SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
        error.MessageText.ShouldContain($"session {first.ProcessID} of {idle.Name}");
        error.Hint.ShouldNotBeNull().ShouldContain("ensure_event_store_partition");
        await first.RunAsync("ROLLBACK");
        await second.RunAsync(Arrival("second"));
    }

    private static string Arrival(string tenant) =>
        $"INSERT INTO mt_streams (id, version, tenant_id) VALUES (gen_random_uuid(), 0, '{tenant}')";
}
