using Npgsql;

namespace MartenEventing.Tests.Events;

/// <summary>A role with few rights, for as long as a test takes.</summary>
internal sealed class LimitedRole : IAsyncDisposable
{
    /// <summary>What an application needs that reads and appends: no right on any partition.</summary>
    public static readonly string[] OfAnApplication =
        ["SELECT, INSERT, UPDATE ON mt_events, mt_streams", "USAGE ON SEQUENCE mt_events_sequence"];

    private readonly StoreDatabase _database;

    private LimitedRole(StoreDatabase database)
    {
        _database = database;
        DataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Username = Name,
            Password = "secret",
        }.ConnectionString);
    }

    public string Name { get; } = "r_" + Guid.NewGuid().ToString("N");

    public NpgsqlDataSource DataSource { get; }

    public static async Task<LimitedRole> CreateAsync(StoreDatabase database, params string[] rights)
    {
        var role = new LimitedRole(database);
        await database.ExecuteAsync($"CREATE ROLE {role.Name} LOGIN PASSWORD 'secret'");
        foreach (var right in rights)
            await database.ExecuteAsync($"GRANT {right} TO {role.Name}");
        await database.ExecuteAsync($"SELECT \"{database.Schema}\".mt_settle_rights()");
        return role;
    }

    /// <summary>Takes from it whatever it may do with a partition directly.</summary>
    public Task LeaveItTheParentAsync() => _database.ExecuteAsync(
        $"""
         DO $$ DECLARE part regclass; BEGIN
             FOR part IN SELECT t.relid FROM pg_partition_tree('mt_events') t WHERE t.level > 0 LOOP
                 EXECUTE format('REVOKE ALL ON %s FROM {Name}', part);
             END LOOP;
         END $$
         """);

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _database.ExecuteAsync($"DROP OWNED BY {Name}; DROP ROLE {Name}");
    }
}
