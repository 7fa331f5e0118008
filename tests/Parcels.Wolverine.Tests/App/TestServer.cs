// The linked TestDatabase asks a PostgresServer for its server.
global using PostgresServer = Parcels.Api.Tests.App.TestServer;

using MartenEventing.LocalPostgres;
using Parcels.Api.Tests.App;

[assembly: AssemblyFixture(typeof(TestServer))]

namespace Parcels.Api.Tests.App;

/// <summary>
/// Where the tests' PostgreSQL comes from: one server a test process, removed at the end. With
/// MARTEN_EVENTING_CONNECTION the server given there is used, and left running.
/// </summary>
public sealed class TestServer : IAsyncDisposable
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
