using Npgsql;

namespace MartenEventing.Tests.Security;

/// <summary>A role that attacks a store, on one connection of its own.</summary>
internal sealed class AttackingRole : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private AttackingRole(TestDatabase database, string name)
    {
        _database = database;
        Name = name;
        DataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Username = name, Password = "secret", Pooling = false,
        }.ConnectionString);
    }

    public string Name { get; }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<AttackingRole> CreateAsync(TestDatabase database, string rights)
    {
        var role = new AttackingRole(database, "r_" + Guid.NewGuid().ToString("N"));
        await database.DataSource.ExecuteAsync($"CREATE ROLE {role.Name} LOGIN PASSWORD 'secret'");
        if (rights != "")
            await database.DataSource.ExecuteAsync(rights.Replace("{role}", role.Name, StringComparison.Ordinal));
        return role;
    }

    /// <summary>
    /// Runs the statements one by one, on one connection, whatever becomes of the one before; {role} stands for this
    /// role. Returns what each came to: the SQLSTATE, or "done".
    /// </summary>
    public async Task<IReadOnlyList<string>> TryAsync(params string[] statements)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        var outcomes = new List<string>();
        foreach (var statement in statements)
        {
            try
            {
                await using var command = new NpgsqlCommand(
                    statement.Replace("{role}", Name, StringComparison.Ordinal), connection);
                await command.ExecuteNonQueryAsync();
                outcomes.Add("done");
            }
            catch (PostgresException error)
            {
                outcomes.Add(error.SqlState);
            }
        }

        return outcomes;
    }

    /// <summary>It has gained nothing: no superuser, no membership in another role.</summary>
    public async Task ShouldHaveGainedNothingAsync() => (await _database.DataSource.ScalarAsync<bool>(
        "SELECT r.rolsuper OR r.rolcreaterole OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) "
        + "FROM pg_roles r WHERE r.rolname = $1", Name)).ShouldBeFalse();

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _database.DataSource.ExecuteAsync($"DROP OWNED BY {Name} CASCADE; DROP ROLE {Name}");
    }
}
