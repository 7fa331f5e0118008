using System.CommandLine;

namespace MartenEventing.Cli.Tests.Docs;

/// <summary>What every verb of the tool holds to, whoever adds the next one.</summary>
public sealed class DryRunTests
{
    /// <summary>Verbs that change something and cannot be tried first, and why.</summary>
    private static readonly Dictionary<string, string> Untried = new()
    {
        ["retention hold add"] = "adds one row that is never deleted, removes nothing, and is lifted by another verb",
        ["archive verify"] =
            "notes in mt_partition_archives when an archive was last found to be sound, or which state of it is",
        ["retention hold lift"] = "tells of one row, by its number, that it no longer counts; who lifted it stays",
    };

    /// <summary>Verbs that have no store to work on, and why.</summary>
    private static readonly Dictionary<string, string> Storeless = new()
    {
        ["server start"] = "the private server of this account, which other tests start and stop",
        ["server stop"] = "likewise",
        ["server status"] = "likewise",
        ["demo"] = "makes a server of its own and removes it",
        ["docs"] = "prints the reference page",
    };

    /// <summary>Verbs that show no SQL although they can be tried first, and why.</summary>
    private static readonly Dictionary<string, string> WithoutSql = new()
    {
        ["archive redact"] = "changes files, and notes their new state",
        ["archive drop"] = "changes files only",
    };

    /// <summary>Verbs whose dry run tells how the conversion stands, and not what would be run.</summary>
    private static readonly string[] WithoutPlan =
        ["convert split", "convert complete", "convert rollback", "convert revert"];

    /// <summary>The plan of retention tries a run and takes it back; the number that it drew stays drawn.</summary>
    private const string Drawn = "mt_retention_run_id_seq";

    private const string Statement = "\\b(SELECT|CREATE|ALTER|VACUUM|REINDEX|COPY|INSERT|DELETE)\\b";

    private static readonly Dictionary<string, Command> Verbs =
        DocumentedCommands.Leaves().ToDictionary(leaf => leaf.Path, leaf => leaf.Command);

    public static TheoryData<string> Triable => [.. Verbs.Keys.Where(verb => Takes(verb, CommonOptions.DryRun))];

    public static TheoryData<string> Others =>
    [
        .. Verbs.Keys.Where(verb => !Takes(verb, CommonOptions.DryRun))
            .Except(Storeless.Keys).Except(Untried.Keys),
    ];

    [Fact]
    public void every_verb_has_a_case_or_a_reason_to_have_none() =>
        VerbCase.All.Keys.Concat(Storeless.Keys).ShouldBe(Verbs.Keys, ignoreOrder: true);

    [Fact]
    public void what_can_be_tried_first_shows_its_SQL() =>
        Verbs.Keys.Where(verb => Takes(verb, CommonOptions.DryRun) && !Takes(verb, CommonOptions.ShowSql))
            .ShouldBe(WithoutSql.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Triable))]
    public async Task a_dry_run_changes_nothing_and_the_same_without_it_something(string verb)
    {
        var tried = VerbCase.All[verb];
        await using var scene = await VerbScene.CreateAsync(tried.Store);
        var before = await scene.DescribeAsync();
        var sql = Takes(verb, CommonOptions.ShowSql) ? " --show-sql" : "";

        var dry = await scene.RunAsync($"{verb} {tried.Arguments} --dry-run{sql}");
        var after = await scene.DescribeAsync();
        var done = await scene.RunAsync($"{verb} {tried.Arguments}{(Takes(verb, CommonOptions.Yes) ? " --yes" : "")}");

        dry.ExitCode.ShouldBe(ExitCode.Done, dry.Error);
        Changes(before, after).ShouldBeEmpty();
        if (sql.Length > 0 && !WithoutPlan.Contains(verb))
            dry.Out.ShouldMatch(Statement);
        done.ExitCode.ShouldBe(ExitCode.Done, done.Error);
        Changes(before, await scene.DescribeAsync()).ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task a_verb_that_cannot_be_tried_first_changes_nothing(string verb)
    {
        var tried = VerbCase.All[verb];
        await using var scene = await VerbScene.CreateAsync(tried.Store);
        var before = await scene.DescribeAsync();

        var sql = Takes(verb, CommonOptions.ShowSql) ? " --show-sql" : "";

        var run = await scene.RunAsync($"{verb} {tried.Arguments}{sql}");

        run.ExitCode.ShouldBe(ExitCode.Done, run.Error);
        if (sql.Length > 0)
            (run.Out + run.Error).ShouldMatch(Statement);
        Changes(before, await scene.DescribeAsync()).ShouldBeEmpty();
    }

    private static IEnumerable<string> Changes(List<string> before, List<string> after) =>
    [
        .. before.Except(after).Select(fact => $"- {fact}").Concat(after.Except(before).Select(fact => $"+ {fact}"))
            .Where(change => !change.Contains(Drawn, StringComparison.Ordinal)),
    ];

    private static bool Takes(string verb, Option option) => Verbs[verb].Options.Contains(option);
}
