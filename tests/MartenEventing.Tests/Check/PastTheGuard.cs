using Npgsql;

namespace MartenEventing.Tests.Check;

/// <summary>Writes as those do who do not fire the store's triggers.</summary>
internal static class PastTheGuard
{
    /// <summary>As a subscription does, or a superuser under session_replication_role = replica.</summary>
    public static async Task AsReplicaAsync(this StoreDatabase store, string sql)
    {
        await using var source = await store.AsSuperuserAsync();
        await source.ExecuteAsync($"SET session_replication_role = replica; SET timezone = 'UTC'; SET search_path = " +
            $"\"{store.Schema}\"; {sql}");
    }

    /// <summary>The database as a superuser sees it.</summary>
    public static async Task<NpgsqlDataSource> AsSuperuserAsync(this StoreDatabase store) =>
        NpgsqlDataSource.Create(await store.SuperuserStringAsync());

    /// <summary>For programs and subscriptions.</summary>
    public static async Task<string> SuperuserStringAsync(this StoreDatabase store) =>
        new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync())
        {
            Database = new NpgsqlConnectionStringBuilder(store.ConnectionString).Database, Pooling = false,
            IncludeErrorDetail = true,
        }.ConnectionString;

    /// <summary>
    /// As pg_restore --disable-triggers does; afterwards all triggers are on again, and none in a mode of its own.
    /// </summary>
    public static Task WithTriggersOffAsync(this StoreDatabase store, string sql) => store.ExecuteAsync(
        $"""
         SET timezone = 'UTC';
         ALTER TABLE mt_events DISABLE TRIGGER USER; ALTER TABLE mt_streams DISABLE TRIGGER USER;
         {sql};
         ALTER TABLE mt_events ENABLE TRIGGER USER; ALTER TABLE mt_streams ENABLE TRIGGER USER;
         RESET timezone
         """);

    /// <summary>The same, and the triggers are afterwards as they were: nothing tells that they were off.</summary>
    public static async Task UnnoticedAsync(this StoreDatabase store, string sql)
    {
        await store.WithTriggersOffAsync(sql);
        await store.ExecuteAsync("SELECT mt_settle_triggers(), setval('mt_guard_passed', 1, false)");
    }

    /// <summary>A row for mt_events.</summary>
    public static string Event(
        long sequence, Guid stream, long version, DateTimeOffset at, string tenant = "*DEFAULT*") =>
        "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id) VALUES "
        + $"({sequence}, gen_random_uuid(), '{stream}', {version}, '{{}}', 'a', '{at:O}', '{tenant}')";

    /// <summary>A row for mt_streams whose life is one instant, as Marten's Rich mode leaves it.</summary>
    public static string Stream(Guid stream, long version, DateTimeOffset at, string tenant = "*DEFAULT*") =>
        "INSERT INTO mt_streams (id, version, created, timestamp, tenant_id) VALUES "
        + $"('{stream}', {version}, '{at:O}', '{at:O}', '{tenant}')";
}
