using System.Text.RegularExpressions;
using MartenEventing.LocalPostgres;
using Npgsql;

namespace MartenEventing.Cli.Tests.Demo;

/// <summary>One run of the demo that several tests look at; what it kept goes after them.</summary>
public sealed partial class KeptDemo : IAsyncLifetime
{
    public CommandRun Run { get; private set; } = null!;

    /// <summary>As the demo told it.</summary>
    public string Connection => Export().Match(Run.Out).Groups["connection"].Value;

    public async ValueTask InitializeAsync() => Run =
        await CommandRun.OfAsync(["demo", "--events", "4000", "--keep"], await OnGivenServerAsync());

    public async ValueTask DisposeAsync()
    {
        if (new NpgsqlConnectionStringBuilder(Connection).Database is not { Length: > 0 } database) // nothing was kept
            return;
        NpgsqlConnection.ClearAllPools();
        await using var server = NpgsqlDataSource.Create(await PostgresServer.ConnectionStringAsync());
        await server.ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)");
    }

    internal static async Task<Surroundings> OnGivenServerAsync() =>
        new() { Variables = { [PostgresConnection.Variable] = await PostgresServer.ConnectionStringAsync() } };

    [GeneratedRegex("^    export MARTEN_EVENTING_CONNECTION='(?<connection>[^\"']+)'$", RegexOptions.Multiline)]
    private static partial Regex Export();
}
