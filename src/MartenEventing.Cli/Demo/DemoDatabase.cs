using System.Security.Cryptography;
using MartenEventing.LocalPostgres;
using Npgsql;

namespace MartenEventing.Cli.Demo;

/// <summary>
/// A database for the demo alone: on a server of its own that vanishes with it; on the persistent private server when
/// it is to be kept; or on the server whose connection string was given.
/// </summary>
internal sealed class DemoDatabase : IAsyncDisposable
{
    private readonly LocalServer? _server;
    private readonly string _serverConnectionString;
    private bool _exists;

    private DemoDatabase(LocalServer? server, string serverConnectionString)
    {
        _server = server;
        _serverConnectionString = serverConnectionString;
        var builder = ConnectionText.Read(serverConnectionString);
        builder.Database = Name;
        ConnectionString = builder.ConnectionString;
        builder.ApplicationName = "marten-eventing demo";
        DataSource = NpgsqlDataSource.Create(builder);
    }

    public string Name { get; } = "demo_" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>Where the server's programs lie; empty for a server that was given.</summary>
    public string BinDirectory => _server?.BinDirectory ?? "";

    public static async Task<DemoDatabase> CreateAsync(CommandContext context, bool keep)
    {
        var given = context.GivenConnection;
        var server = given is null ? await StartAsync(context, keep) : null;
        var database = new DemoDatabase(server, given ?? server!.ConnectionString);
        try
        {
            await database.OnServerAsync($"CREATE DATABASE {database.Name}", context.Cancellation);
            database._exists = true;
            return database;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await database.DisposeAsync();
            throw new UsageException(
                "The role of --connection may not create databases, and the demo makes one for itself alone. Take a "
                + "role with CREATEDB, or no --connection: then it runs on a private server.");
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>The database stays when this is disposed.</summary>
    public void Keep() => _exists = false;

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        if (_exists)
            await OnServerAsync($"DROP DATABASE {Name} WITH (FORCE)", CancellationToken.None);
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private static Task<LocalServer> StartAsync(CommandContext context, bool keep)
    {
        if (keep)
            return LocalServer.StartPersistentAsync(context.LocalPostgres, context.Cancellation);
        var settings = new Dictionary<string, string> { ["shared_buffers"] = "256MB", ["max_wal_size"] = "4GB" };
        return LocalServer.StartTemporaryAsync(
            context.LocalPostgres with { Settings = settings, RootDirectory = null }, context.Cancellation);
    }

    private async Task OnServerAsync(string sql, CancellationToken cancellation)
    {
        var builder = new NpgsqlConnectionStringBuilder(_serverConnectionString) { Pooling = false };
        await using var source = NpgsqlDataSource.Create(builder);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
