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

    public VerifyCommand(CliEnvironment environment)
        : base(environment, "verify",
            "Read all of the archives and compare it with their manifests. What is wrong is told with file and byte.")
    {
        Arguments.Add(ArchiveCliOptions.Folder);
        Arguments.Add(ArchiveCliOptions.Names);
        Options.Add(AgainstDatabase);
        Options.Add(ArchiveCliOptions.KeyFile);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var archives = await ArchiveCliOptions.ArchivesAsync(context);
        var results = new List<(string Name, VerificationReport? Report, IReadOnlyList<ArchiveProblem> Problems)>();
        foreach (var name in await ArchiveCliOptions.NamesAsync(context, archives))
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
            var report = context.Get(AgainstDatabase)
                ? await archives.VerifyAsync(
                    name, await context.DataSourceAsync(), context.Schema, context.Cancellation)
                : await archives.VerifyAsync(name, context.Cancellation);
            return (name, report, report.Problems);
        }
        catch (ArchiveDamagedException error)
        {
            return (name, null, [error.Problem]);
        }
    }

    private static void Write(
        CommandContext context, string name, VerificationReport? report, IReadOnlyList<ArchiveProblem> problems)
    {
        context.Output.Write(problems.Count == 0
            ? $"{name}  in order, {ArchiveText.Summary(report!.Manifest)}"
                + (report.IsCompared ? ", and the same in the database" : "")
            : $"{name}  {problems.Count} problems");
        foreach (var problem in problems)
            context.Output.Write($"  {problem.Describe()}");
        if (report is { IsContentChecked: false })
            context.Output.Warn($"{name} is encrypted and there is no key: only the stored bytes were compared.");
        if (report is { Strays.Count: > 0 })
            context.Output.Warn($"{report.Strays.Count} files are no part of {name}: {string.Join(", ", report.Strays)}.");
    }
}
