using System.Security.Cryptography;
using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>A database of one test's own, dropped at its end.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _serverConnectionString;

    private TestDatabase(string name, string serverConnectionString)
    {
        Name = name;
        _serverConnectionString = serverConnectionString;
        ConnectionString = new NpgsqlConnectionStringBuilder(serverConnectionString)
        {
            Database = name,
            IncludeErrorDetail = true,
            MaxPoolSize = 50,
        }.ConnectionString;
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    /// <param name="template">The database to copy; default: an empty one.</param>
    /// <param name="server">The server to make it on; default: that of the tests.</param>
    public static async Task<TestDatabase> CreateAsync(string? template = null, string? server = null)
    {
        server ??= await PostgresServer.ConnectionStringAsync();
        var database = new TestDatabase("t_" + RandomNumberGenerator.GetHexString(16, lowercase: true), server);
        await database.OnServerAsync($"CREATE DATABASE {database.Name} TEMPLATE {template ?? "template1"}");
        foreach (var setting in DrawnSettings.Given?.Statements ?? [])
            await database.OnServerAsync($"ALTER DATABASE {database.Name} {setting}");
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await OnServerAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    private async Task OnServerAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_serverConnectionString) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
