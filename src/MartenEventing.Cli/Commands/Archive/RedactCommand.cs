using System.CommandLine;
using MartenEventing.Events;
using MartenEventing.PartitionArchive;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>Erases a stream from partition archives.</summary>
internal sealed class RedactCommand : CliCommand
{
    private static readonly Option<string> Stream =
        new("--stream") { Description = "The stream: its uuid, or its name.", HelpName = "name", Required = true };

    private static readonly Option<string?> Tenant =
        new("--tenant") { Description = "Its tenant. Default: of whatever tenant.", HelpName = "id" };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why, kept in the manifest. It must not name what is erased.",
        HelpName = "text",
        Required = true,
    };

    private static readonly Option<string?> By = new("--by")
    {
        Description = "Who does it, kept in the manifest. Default: the account that runs the command.",
        HelpName = "name",
    };

    public RedactCommand(CliEnvironment environment)
        : base(environment, "redact",
            "Erase a stream from archives: files that hold some of it are replaced, and the manifest tells when and why.")
    {
        Arguments.Add(ArchiveCliOptions.Folder);
        Arguments.Add(ArchiveCliOptions.Names);
        Option[] options =
        [
            Stream, Tenant, Reason, By, ArchiveCliOptions.KeyFile, CommonOptions.DryRun, CommonOptions.Yes,
            CommonOptions.Json,
        ];
        foreach (var option in options)
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var archives = await ArchiveCliOptions.ArchivesAsync(context);
        var plans = new List<(RedactionRequest Request, RedactionReport Plan)>();
        foreach (var name in await ArchiveCliOptions.NamesAsync(context, archives))
        {
            var manifest = await archives.ReadManifestAsync(name, context.Cancellation);
            var request = new RedactionRequest
            {
                Stream = StreamId.Parse(context.Get(Stream)!, manifest.Origin.StreamIdentity).ToString(),
                Tenant = context.Get(Tenant),
                Reason = context.Get(Reason)!,
                By = context.Get(By) ?? Environment.UserName,
            };
            plans.Add((request, await archives.PlanRedactionAsync(name, request, context.Cancellation)));
        }

        foreach (var (_, plan) in plans.Where(plan => plan.Plan.Events > 0))
            context.Output.Say($"{plan.Archive} holds {plan.Events} events of the stream.");
        var events = plans.Sum(plan => plan.Plan.Events);
        if (context.DryRun)
            return End(context, [.. plans.Select(plan => plan.Plan)], $"{events} events would be erased.");
        if (!context.Confirm($"Erase {events} events from {plans.Count(plan => plan.Plan.Events > 0)} archives for good?"))
            return ExitCode.Failed;
        var reports = new List<RedactionReport>();
        foreach (var (request, plan) in plans)
            reports.Add(await archives.RedactAsync(plan.Archive, request, context.Cancellation));
        return End(context, reports, $"{reports.Sum(report => report.Events)} events erased.");
    }

    private static int End(CommandContext context, IReadOnlyList<RedactionReport> reports, string sentence)
    {
        if (context.Json)
            context.Output.WriteJson(reports);
        else
            context.Output.WriteTable(
                ["Archive", ">Events", ">Files replaced"],
                reports.Select(report => new[] { report.Archive, $"{report.Events}", $"{report.ReplacedFiles.Count}" }));
        context.Output.Say(sentence);
        return ExitCode.Done;
    }
}
