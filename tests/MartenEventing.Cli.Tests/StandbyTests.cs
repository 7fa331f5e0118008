using System.CommandLine;
using MartenEventing.Cli.Tests.Docs;
using MartenEventing.TestSupport;
using Npgsql;

namespace MartenEventing.Cli.Tests;

/// <summary>On a server that repeats another one, all can be looked at and nothing be changed.</summary>
public sealed class StandbyTests
{
    private static readonly Dictionary<string, Command> Verbs =
        DocumentedCommands.Leaves().Where(leaf => VerbCase.All.ContainsKey(leaf.Path))
            .ToDictionary(leaf => leaf.Path, leaf => leaf.Command);

    /// <summary>Verbs that change files, but nothing in the database.</summary>
    private static readonly string[] OfFiles = ["archive drop"];

    private static readonly string[] Reading =
        [.. Verbs.Keys.Where(verb =>
            !Takes(verb, CommonOptions.DryRun) && !verb.StartsWith("retention hold ", StringComparison.Ordinal))];

    [Fact]
    public async Task what_reads_runs_on_a_standby_and_what_writes_says_that_it_cannot()
    {
        await using var server = await StandbyServer.StartAsync();
        var scenes = new Dictionary<StoreKind, VerbScene>();
        foreach (var kind in VerbCase.All.Values.Select(verb => verb.Store).Distinct())
            scenes[kind] = await VerbScene.CreateAsync(kind, server.PrimaryConnectionString);
        await server.CatchUpAsync();

        Reading.Length.ShouldBeGreaterThan(10);
        foreach (var verb in Reading.Append("retention hold list"))
        {
            var run = await scenes[VerbCase.All[verb].Store].RunAsync(
                $"{verb} {VerbCase.All[verb].Arguments}", server.ConnectionString);
            run.ExitCode.ShouldBe(ExitCode.Done, $"{verb}: {run.Error}");
        }

        foreach (var verb in Verbs.Keys.Where(verb => Takes(verb, CommonOptions.DryRun)))
        {
            var (command, scene) = ($"{verb} {VerbCase.All[verb].Arguments}", scenes[VerbCase.All[verb].Store]);
            var dry = await scene.RunAsync(command + " --dry-run", server.ConnectionString);
            dry.ExitCode.ShouldBe(ExitCode.Done, $"{verb}: {dry.Error}");
            if (OfFiles.Contains(verb))
                continue;
            var run = await scene.RunAsync(
                command + (Takes(verb, CommonOptions.Yes) ? " --yes" : ""), server.ConnectionString);
            run.ExitCode.ShouldBe(ExitCode.Failed, $"{verb}: {run.Out}{run.Error}");
            run.Error.ShouldContain("Name the primary in --connection.", customMessage: verb);
        }

        (await scenes[StoreKind.Old].RunAsync("retention plan --older-than 3mo", server.ConnectionString)).Error
            .ShouldContain("not counted");
        foreach (var scene in scenes.Values)
            await scene.DisposeAsync();
    }

    [Fact]
    public async Task all_verbs_run_for_a_role_whose_transactions_are_read_only_by_default()
    {
        foreach (var verb in Verbs.Keys.Where((_, i) => Effort.IsFull || i % 6 == 0))
        {
            await using var scene = await VerbScene.CreateAsync(VerbCase.All[verb].Store);
            var connection = new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync())
            {
                Options = "-c default_transaction_read_only=on -c default_transaction_isolation=serializable",
            };
            var yes = Takes(verb, CommonOptions.Yes) ? " --yes" : "";

            var run = await scene.RunAsync($"{verb} {VerbCase.All[verb].Arguments}{yes}", connection.ConnectionString);

            run.ExitCode.ShouldBe(ExitCode.Done, $"{verb}: {run.Error}");
        }
    }

    [Fact]
    public async Task a_statement_that_takes_too_long_is_named_with_the_way_out()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var holder = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("LOCK TABLE mt_streams", holder))
            await hold.ExecuteNonQueryAsync();

        var client = await CommandRun.OfAsync(
            "stream", "list", "--connection", store.ConnectionString + ";Command Timeout=1");
        var server = await CommandRun.OfAsync(
            "stream", "list", "--connection", store.ConnectionString + ";Options=-c statement_timeout=300ms");

        (client.ExitCode, server.ExitCode).ShouldBe((ExitCode.Failed, ExitCode.Failed));
        client.Error.ShouldContain("had not answered after 1 seconds");
        client.Error.ShouldContain("mt_streams");
        client.Error.ShouldContain("Command Timeout=0");
        client.Error.ShouldNotContain("Is the server up");
        server.Error.ShouldContain("mt_streams");
        server.Error.ShouldContain("Options=-c statement_timeout=0");
    }

    private static bool Takes(string verb, Option option) => Verbs[verb].Options.Contains(option);
}
