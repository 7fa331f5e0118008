using Npgsql;

namespace MartenEventing.Tests.Events;

/// <summary>A role with few rights, for as long as a test takes.</summary>
internal sealed class LimitedRole : IAsyncDisposable
{
    /// <summary>What an application needs that reads and appends: no right on any partition.</summary>
    public static readonly string[] OfAnApplication =
        ["SELECT, INSERT, UPDATE ON mt_events, mt_streams", "USAGE ON SEQUENCE mt_events_sequence"];

    private readonly NpgsqlDataSource _superuser;

    private LimitedRole(NpgsqlDataSource superuser, string connectionString)
    {
        _superuser = superuser;
        DataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Username = Name,
            Password = "secret",
        }.ConnectionString);
    }

    public string Name { get; } = "r_" + Guid.NewGuid().ToString("N");

    public NpgsqlDataSource DataSource { get; }

    /// <summary>A role with these rights on a store, and what follows from them.</summary>
    public static async Task<LimitedRole> CreateAsync(StoreDatabase database, params string[] rights)
    {
        var role = await CreateAsync(database.Superuser, database.ConnectionString);
        foreach (var right in rights)
            await database.ExecuteAsync($"GRANT {right} TO {role.Name}");
        await database.ExecuteAsync($"SELECT \"{database.Schema}\".mt_settle_rights()");
        return role;
    }

    /// <summary>A role that may log in, and what these statements give it; {role} stands for it.</summary>
    public static async Task<LimitedRole> CreateAsync(TestDatabase database, string rights = "")
    {
        var role = await CreateAsync(database.Superuser, database.ConnectionString);
        if (rights != "")
            await database.DataSource.ExecuteAsync(role.Named(rights));
        return role;
    }

    private static async Task<LimitedRole> CreateAsync(NpgsqlDataSource superuser, string connectionString)
    {
        var role = new LimitedRole(superuser, connectionString);
        await superuser.ExecuteAsync($"CREATE ROLE {role.Name} LOGIN PASSWORD 'secret'");
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
                await using var command = new NpgsqlCommand(Named(statement), connection);
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
    public async Task ShouldHaveGainedNothingAsync() => (await _superuser.ScalarAsync<bool>(
        "SELECT r.rolsuper OR r.rolcreaterole OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) "
        + "FROM pg_roles r WHERE r.rolname = $1", Name)).ShouldBeFalse();

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _superuser.ExecuteAsync($"DROP OWNED BY {Name} CASCADE; DROP ROLE {Name}");
    }

    private string Named(string sql) => sql.Replace("{role}", Name, StringComparison.Ordinal);
}
