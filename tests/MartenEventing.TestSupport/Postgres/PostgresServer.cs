using MartenEventing.LocalPostgres;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>
/// One server a test process, started by the first test that needs it and removed at the end: a container where
/// Docker gives one, else a private server. Who gives a server gives a superuser of it; see <see cref="StoreOwner"/>.
/// With MARTEN_EVENTING_CONNECTION the server given there is used, and left running; with MARTEN_EVENTING_PG_BIN a
/// private server of those binaries. Suites that run side by side share the server of MartenEventing.TestServer.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>What the tests ask of a server, by the names of its settings.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>
        {
            ["max_connections"] = "400", ["shared_buffers"] = "256MB", ["wal_level"] = "logical",
            ["max_prepared_transactions"] = "50",
            ["full_page_writes"] = "off",
            // Hundreds of databases that live for seconds: a worker for each would be a fourth of all processes.
            ["autovacuum_naptime"] = "10min",
        };

    /// <summary>The environment variable that names a server which others share.</summary>
    public const string SharedVariable = "MARTEN_EVENTING_TEST_SERVER";

    private static string? Given => new[] { SharedVariable, PostgresConnection.Variable }
        .Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => value is { Length: > 0 });

    private static readonly Lazy<Task<LocalServer>> Server = new(() => StartOwnAsync(Settings));

    /// <summary>What is to be removed in the end from a server that stays.</summary>
    public static Func<Task>? Leaving { get; set; }

    /// <summary>The connection string of a database in which to create others.</summary>
    public static async Task<string> ConnectionStringAsync()
    {
        if (Given is { } given)
            return given;
        if (Environment.GetEnvironmentVariable("MARTEN_EVENTING_PG_BIN") is null or ""
            && await ContainerServer.ConnectionStringAsync() is { } container)
            return container;
        return (await Server.Value).ConnectionString;
    }

    /// <summary>A server of one test's own, to be killed or to be set up otherwise.</summary>
    public static Task<LocalServer> StartOwnAsync(IReadOnlyDictionary<string, string>? settings = null) =>
        LocalServer.StartTemporaryAsync(new LocalPostgresOptions
        {
            Settings = settings ?? new Dictionary<string, string>(), RootDirectory = InMemory(),
        });

    /// <summary>A folder in memory, where files are made and removed faster; null where none has room.</summary>
    private static string? InMemory()
    {
        const string folder = "/dev/shm";
        return Directory.Exists(folder) && new DriveInfo(folder).AvailableFreeSpace > 8L << 30 ? folder : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is { IsValueCreated: true, Value.IsFaulted: false })
        {
            await (await Server.Value).DisposeAsync();
            return;
        }

        if (Leaving is { } leaving)
            await leaving();
        await StoreOwner.DropAsync();
    }
}
