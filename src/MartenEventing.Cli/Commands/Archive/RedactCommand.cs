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
            "Erase a stream from archives, unless a legal hold covers it: files that hold some of it are replaced, and "
            + "the manifest tells when and why.")
    {
        Arguments.Add(ArchiveCliOptions.Folder);
        Arguments.Add(ArchiveCliOptions.Names);
        Option[] options =
        [
            Stream, Tenant, Reason, By, ArchiveCliOptions.WithoutDatabase, ArchiveCliOptions.KeyFile,
            CommonOptions.DryRun,
            CommonOptions.Yes, CommonOptions.Json,
        ];
        foreach (var option in options)
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var archives = await ArchiveCliOptions.ArchivesAsync(context);
        var chosen = await ArchiveCliOptions.ChosenAsync(context, archives);
        var noted = context.Get(ArchiveCliOptions.WithoutDatabase) ? null : await ArchiveCliOptions.NotedAsync(context);
        var plans = new List<(RedactionRequest Request, RedactionReport Plan)>();
        foreach (var name in chosen.Names)
        {
            var manifest = await archives.ReadManifestAsync(name, context.Cancellation);
            var request = new RedactionRequest
            {
                Stream = StreamId.Parse(context.Get(Stream)!, manifest.Origin.StreamIdentity).ToString(),
                Tenant = context.Get(Tenant),
                Reason = context.Get(Reason)!,
                By = context.Get(By) ?? Environment.UserName,
            };
            plans.Add((request, noted is null
                ? await archives.PlanRedactionAsync(name, request, context.Cancellation)
                : await noted.PlanRedactionAsync(name, request, context.Cancellation)));
        }

        foreach (var (_, plan) in plans.Where(plan => plan.Plan.Events > 0))
            context.Output.Say($"{plan.Archive} holds {plan.Events} events of the stream.");
        var events = plans.Sum(plan => plan.Plan.Events);
        if (context.DryRun)
            return End(context, chosen, [.. plans.Select(plan => plan.Plan)], $"{events} events would be erased.");
        if (!context.Confirm(
            $"Erase {events} events from {plans.Count(plan => plan.Plan.Events > 0)} archives for good?"))
            return ExitCode.Failed;
        var reports = new List<RedactionReport>();
        foreach (var (request, plan) in plans)
            reports.Add(noted is null
                ? await archives.RedactAsync(plan.Archive, request, context.Cancellation)
                : await noted.RedactAsync(plan.Archive, request, context.Cancellation));
        if (noted is null && events > 0)
            context.Output.Warn(
                "No database was asked for legal holds, or told: it refuses these archives until they are accepted by: "
                + "marten-eventing archive verify --accept.");
        return End(context, chosen, reports, $"{reports.Sum(report => report.Events)} events erased.");
    }

    private static int End(
        CommandContext context, ChosenArchives chosen, IReadOnlyList<RedactionReport> reports, string sentence)
    {
        if (context.Json)
            context.Output.WriteJson(reports);
        else
            context.Output.WriteTable(
                ["Archive", ">Events", ">Files replaced"],
                reports.Select(
                    report => new[] { report.Archive, $"{report.Events}", $"{report.ReplacedFiles.Count}" }));
        context.Output.Say(sentence);
        return chosen.ExitCode;
    }
}
