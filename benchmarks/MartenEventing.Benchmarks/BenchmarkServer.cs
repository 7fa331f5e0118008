using MartenEventing.LocalPostgres;
using Npgsql;

namespace MartenEventing.Benchmarks;

/// <summary>
/// The server of a comparison: a private one, or that of MARTEN_EVENTING_CONNECTION. Its databases go at the end.
/// </summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    /// <summary>A durable server, as large as a small production one.</summary>
    private static readonly Dictionary<string, string> Durable = new()
    {
        ["fsync"] = "on",
        ["full_page_writes"] = "on",
        ["synchronous_commit"] = "on",
        ["shared_buffers"] = "1GB",
        ["max_wal_size"] = "8GB",
        ["checkpoint_timeout"] = "30min",
    };

    private readonly LocalServer? _local;
    private readonly NpgsqlDataSource _admin;
    private readonly string _connectionString;
    private readonly string _prefix = "bench_" + Guid.CreateVersion7().ToString("N")[^12..];
    private readonly List<NpgsqlDataSource> _databases = [];

    private BenchmarkServer(LocalServer? local, string connectionString)
    {
        _local = local;
        _connectionString = connectionString;
        _admin = NpgsqlDataSource.Create(connectionString);
    }

    /// <summary>Starts a private server, unless a connection is given, here or by the environment.</summary>
    /// <exception cref="PostgresNotFoundException">No binaries were found.</exception>
    public static async Task<BenchmarkServer> StartAsync(
        CancellationToken cancellation, string? connectionString = null)
    {
        if ((connectionString ?? PostgresConnection.FromEnvironment) is { } given)
            return new BenchmarkServer(local: null, given);
        var server = await LocalServer.StartTemporaryAsync(
            new LocalPostgresOptions { Settings = Durable }, cancellation);
        return new BenchmarkServer(server, server.ConnectionString);
    }

    /// <summary>The settings that matter to the figures, by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SettingsAsync(CancellationToken cancellation)
    {
        await using var command = _admin.CreateCommand(SqlFile.Read("settings"));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            settings[reader.GetString(0)] = reader.GetString(1);
        return settings;
    }

    /// <summary>A new, empty database. Its commands have no time limit.</summary>
    public async Task<NpgsqlDataSource> CreateDatabaseAsync(string name, CancellationToken cancellation)
    {
        var database = $"{_prefix}_{_databases.Count}_{name}";
        await _admin.ExecuteAsync($"CREATE DATABASE {database}", cancellation);
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_connectionString)
        {
            Database = database,
            CommandTimeout = 0,
            PersistSecurityInfo = true,
            ApplicationName = "marten-eventing benchmark",
        }.ConnectionString);
        _databases.Add(source);
        return source;
    }

    public Task CheckpointAsync(CancellationToken cancellation) => _admin.ExecuteAsync("CHECKPOINT", cancellation);

    /// <summary>Bytes of WAL written since the server was made.</summary>
    public async Task<double> WalBytesAsync(CancellationToken cancellation) =>
        (double)await _admin.ScalarAsync<decimal>("SELECT pg_current_wal_insert_lsn() - '0/0'", [], cancellation);

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
        {
            var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
            await database.DisposeAsync();
            if (_local is null)
                await _admin.ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", CancellationToken.None);
        }

        await _admin.DisposeAsync();
        if (_local is not null)
            await _local.DisposeAsync();
    }
}
