using MartenEventing.LocalPostgres;
using MartenEventing.Tests.Postgres;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace MartenEventing.Tests.Postgres;

/// <summary>
/// One server a test process, started by the first test that needs it and removed at the end. With
/// MARTEN_EVENTING_CONNECTION the server given there is used, and left running.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<LocalServer>> Server = new(() => LocalServer.StartTemporaryAsync(
        new LocalPostgresOptions { Settings = new Dictionary<string, string> { ["max_connections"] = "200" } }));

    /// <summary>The connection string of a database in which to create others.</summary>
    public static async Task<string> ConnectionStringAsync() =>
        Environment.GetEnvironmentVariable("MARTEN_EVENTING_CONNECTION") is { Length: > 0 } given
            ? given
            : (await Server.Value).ConnectionString;

    public async ValueTask DisposeAsync()
    {
        if (Server is { IsValueCreated: true, Value.IsFaulted: false })
            await (await Server.Value).DisposeAsync();
    }
}
