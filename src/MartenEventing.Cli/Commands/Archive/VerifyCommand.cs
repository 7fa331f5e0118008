using System.CommandLine;
using MartenEventing.PartitionArchive;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>Verifies partition archives.</summary>
internal sealed class VerifyCommand : CliCommand
{
    private static readonly Option<bool> AgainstDatabase = new("--against-database")
    {
        Description = "Compare with the events that the database still has of that time, too.",
    };

    private static readonly Option<bool> AsNoted = new("--as-noted")
    {
        Description =
            "Compare with the revision and seal that the database has noted, too, and not with events: they may have "
            + "gone.",
    };

    private static readonly Option<bool> Accept = new("--accept")
    {
        Description =
            "Note revision and seal of the archives that are named as the right ones, if nothing is wrong in them: "
            + "after they were redacted without the database.",
    };

    public VerifyCommand(CliEnvironment environment)
        : base(environment, "verify",
            "Read all of the archives and compare it with their manifests. What is wrong is told with file and byte.")
    {
        Arguments.Add(ArchiveCliOptions.Folder);
        Arguments.Add(ArchiveCliOptions.Names);
        Options.Add(AgainstDatabase);
        Options.Add(AsNoted);
        Options.Add(Accept);
        Options.Add(ArchiveCliOptions.KeyFile);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        if (((bool[])[context.Get(AgainstDatabase), context.Get(AsNoted), context.Get(Accept)]).Count(
            given => given) > 1)
            throw new UsageException(
                "--against-database, --as-noted and --accept ask for different things: give one of them.");
        if (context.Get(Accept) && context.Get(ArchiveCliOptions.Names) is not { Length: > 0 })
            throw new UsageException(
                "--accept takes what is there for the right archive: name the archives that are meant.");
        var archives = await ArchiveCliOptions.ArchivesAsync(context);
        var chosen = await ArchiveCliOptions.ChosenAsync(context, archives);
        var results = new List<(string Name, VerificationReport? Report, IReadOnlyList<ArchiveProblem> Problems)>();
        foreach (var name in chosen.Names.Concat(chosen.Unreadable))
        {
            results.Add(await VerifyAsync(context, archives, name));
            if (!context.Json)
                Write(context, results[^1].Name, results[^1].Report, results[^1].Problems);
        }

        if (context.Json)
            context.Output.WriteJson(results.Select(result => new
            {
                result.Name, result.Report?.IsContentChecked, result.Report?.IsCompared, result.Report?.EventsCompared,
                result.Report?.Strays, result.Problems,
            }));
        var wrong = results.Count(result => result.Problems.Count > 0);
        context.Output.Say(wrong == 0
            ? $"{results.Count} archives are as they were written."
            : $"{wrong} of {results.Count} archives are not in order.");
        return wrong == 0 ? ExitCode.Done : ExitCode.FoundWrong;
    }

    private static async Task<(string, VerificationReport?, IReadOnlyList<ArchiveProblem>)> VerifyAsync(
        CommandContext context, PartitionArchives archives, string name)
    {
        try
        {
            var report = await ReportAsync(context, archives, name);
            return (name, report, report.Problems);
        }
        catch (ArchiveDamagedException error)
        {
            return (name, null, [error.Problem]);
        }
        catch (PartitionArchiveException error) when (error is not ArchiveNotFoundException)
        {
            context.Output.Fail(error.Message);
            return (name, null, [new ArchiveProblem { Kind = ArchiveProblemKind.Refused, Message = error.Message }]);
        }
    }

    private static async Task<VerificationReport> ReportAsync(
        CommandContext context, PartitionArchives archives, string name)
    {
        if (context.Get(AgainstDatabase))
            return await archives.VerifyAsync(
                name, await context.DataSourceAsync(), context.Schema, context.Cancellation);
        if (!context.Get(AsNoted) && !context.Get(Accept))
            return await archives.VerifyAsync(name, context.Cancellation);
        var noted = await ArchiveCliOptions.NotedAsync(context);
        return context.Get(Accept)
            ? await noted.AcceptAsync(name, context.Cancellation)
            : await noted.VerifyAsync(name, context.Cancellation);
    }

    private static void Write(
        CommandContext context, string name, VerificationReport? report, IReadOnlyList<ArchiveProblem> problems)
    {
        context.Output.Write(problems.Count == 0
            ? $"{name}  in order, {ArchiveText.Summary(report!.Manifest)}"
                + (report.IsCompared ? ", and the same in the database" : "")
                + (context.Get(AsNoted) || context.Get(Accept) ? $", revision {report.Manifest.Revision} as noted" : "")
            : problems[0].Kind == ArchiveProblemKind.Refused ? $"{name}  is not taken"
            : $"{name}  {problems.Count} problems");
        foreach (var problem in problems.Where(problem => problem.Kind != ArchiveProblemKind.Refused))
            context.Output.Write($"  {problem.Describe()}");
        if (report is { IsContentChecked: false })
            context.Output.Warn($"{name} is encrypted and there is no key: only the stored bytes were compared.");
        if (report is { Strays.Count: > 0 })
            context.Output.Warn(
                $"{report.Strays.Count} files are no part of {name}: {string.Join(", ", report.Strays)}.");
    }
}
