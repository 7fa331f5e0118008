using Npgsql;

namespace MartenEventing.Tests.Events;

/// <summary>A role with few rights, for as long as a test takes.</summary>
internal sealed class LimitedRole : IAsyncDisposable
{
    private readonly StoreDatabase _database;
    private readonly string _name = "r_" + Guid.NewGuid().ToString("N");

    private LimitedRole(StoreDatabase database)
    {
        _database = database;
        DataSource = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Username = _name,
            Password = "secret",
        }.ConnectionString);
    }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<LimitedRole> CreateAsync(StoreDatabase database, string rights)
    {
        var role = new LimitedRole(database);
        await database.ExecuteAsync(
            $"CREATE ROLE {role._name} LOGIN PASSWORD 'secret'; GRANT {rights} TO {role._name}; "
            + $"SELECT mt_settle_rights()");
        return role;
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await _database.ExecuteAsync($"DROP OWNED BY {_name}; DROP ROLE {_name}");
    }
}
