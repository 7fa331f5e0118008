using System.Security.Cryptography;
using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A database of one test's own, dropped at its end. Its owner is no superuser.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly Lazy<NpgsqlDataSource> _superuser;

    private TestDatabase(string name, string server, string owner)
    {
        (Name, _server) = (name, server);
        ConnectionString = To(name, owner);
        DataSource = NpgsqlDataSource.Create(ConnectionString);
        SuperuserConnectionString = To(name, server);
        _superuser = new(() => NpgsqlDataSource.Create(SuperuserConnectionString));
    }

    public string Name { get; }

    /// <summary>As <see cref="StoreOwner"/>.</summary>
    public string ConnectionString { get; }

    /// <summary>As <see cref="StoreOwner"/>.</summary>
    public NpgsqlDataSource DataSource { get; }

    /// <summary>
    /// As a superuser: for what no owner of a database may do, such as roles, settings of the server, sessions of
    /// others, replication slots and tablespaces.
    /// </summary>
    public NpgsqlDataSource Superuser => _superuser.Value;

    /// <summary>As a superuser, for programs.</summary>
    public string SuperuserConnectionString { get; }

    /// <param name="template">The database to copy; default: an empty one.</param>
    /// <param name="server">The server to make it on; default: that of the tests.</param>
    public static async Task<TestDatabase> CreateAsync(string? template = null, string? server = null)
    {
        server ??= await PostgresServer.ConnectionStringAsync();
        var database = new TestDatabase(
            "t_" + RandomNumberGenerator.GetHexString(16, lowercase: true), server,
            await StoreOwner.AsOwnerAsync(server));
        await database.OnServerAsync(
            $"CREATE DATABASE {database.Name} OWNER {StoreOwner.Name} TEMPLATE {template ?? "template1"} " +
            "STRATEGY file_copy");
        foreach (var setting in DrawnSettings.Given?.Statements ?? [])
            await database.OnServerAsync($"ALTER DATABASE {database.Name} {setting}");
        return database;
    }

    /// <summary>Settings of the owner in this database, for connections made from now on.</summary>
    /// <param name="settings">Each as what follows SET.</param>
    public Task SetAsync(params IEnumerable<string> settings) => OnServerAsync(string.Concat(
        settings.Select(setting => $"ALTER ROLE {StoreOwner.Name} IN DATABASE {Name} SET {setting};")));

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        if (_superuser.IsValueCreated)
            await _superuser.Value.DisposeAsync();
        await OnServerAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    private Task OnServerAsync(string sql) => StoreOwner.OnServerAsync(_server, sql);

    private static string To(string database, string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString)
    {
        Database = database, IncludeErrorDetail = true, MaxPoolSize = 50,
    }.ConnectionString;
}
