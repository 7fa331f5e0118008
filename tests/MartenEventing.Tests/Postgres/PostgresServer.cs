using MartenEventing.LocalPostgres;
using MartenEventing.Tests.Postgres;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace MartenEventing.Tests.Postgres;

/// <summary>
/// One server a test process, started by the first test that needs it and removed at the end. With
/// MARTEN_EVENTING_CONNECTION the server given there is used, and left running; else one from <see cref="Elsewhere"/>,
/// where there is such a source and it has one.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<LocalServer>> Server = new(() => LocalServer.StartTemporaryAsync(
        new LocalPostgresOptions
        {
            Settings = new Dictionary<string, string> { ["max_connections"] = "200", ["wal_level"] = "logical" },
        }));

    /// <summary>Another source of servers: the connection string of one, or null where it has none.</summary>
    public static Func<Task<string?>>? Elsewhere { get; set; }

    /// <summary>What is to be removed in the end from a server that stays.</summary>
    public static Func<Task>? Leaving { get; set; }

    /// <summary>The connection string of a database in which to create others.</summary>
    public static async Task<string> ConnectionStringAsync()
    {
        if (Environment.GetEnvironmentVariable("MARTEN_EVENTING_CONNECTION") is { Length: > 0 } given)
            return given;
        if (Elsewhere is { } source && await source() is { } elsewhere)
            return elsewhere;
        return (await Server.Value).ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is { IsValueCreated: true, Value.IsFaulted: false })
            await (await Server.Value).DisposeAsync();
        else if (Leaving is { } leaving)
            await leaving();
    }
}
