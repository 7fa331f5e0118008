using MartenEventing.Schema;
using MartenEventing.Security;
using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A store, and roles that were given what their kinds need.</summary>
public sealed class RoledStore : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly List<string> _roles = [];

    private RoledStore(TestDatabase database, string schema) => (_database, Schema) = (database, schema);

    public string Schema { get; }

    public NpgsqlDataSource Owner => _database.DataSource;

    public NpgsqlDataSource Superuser => _database.Superuser;

    /// <summary>As the owner.</summary>
    public string ConnectionString => _database.ConnectionString;

    /// <summary>As a superuser, who alone makes members of the owner.</summary>
    public StoreRoles Roles => new(Superuser, Schema);

    /// <summary>A database in which somebody sets up the store before roles are given.</summary>
    public static async Task<RoledStore> EmptyAsync(string schema = "public") =>
        new(await TestDatabase.CreateAsync(), schema);

    public static async Task<RoledStore> CreateAsync(SchemaOptions? options = null) =>
        new(await StoreTemplates.CopyAsync(options ?? new SchemaOptions()), options?.SchemaName ?? "public");

    /// <summary>A role that may log in, of these kinds; returns its name.</summary>
    public async Task<string> RoleAsync(params RoleKind[] kinds)
    {
        var name = "r_" + Guid.NewGuid().ToString("N");
        _roles.Add(name);
        await Superuser.ExecuteAsync($"CREATE ROLE {name} LOGIN PASSWORD 'secret'");
        await Roles.ApplyAsync(await Roles.PlanAsync([.. kinds.Select(kind => new StoreRole(kind, name))]));
        return name;
    }

    /// <summary>The connection string of a role.</summary>
    public string As(string role) => new NpgsqlConnectionStringBuilder(ConnectionString)
    {
        Username = role, Password = "secret", Pooling = false,
    }.ConnectionString;

    public async ValueTask DisposeAsync()
    {
        foreach (var role in _roles)
            await Superuser.ExecuteAsync($"DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
        await _database.DisposeAsync();
    }
}
