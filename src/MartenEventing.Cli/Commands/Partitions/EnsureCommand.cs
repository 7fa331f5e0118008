using System.CommandLine;

namespace MartenEventing.Cli.Commands.Partitions;

/// <summary>Makes partitions, and does nothing else.</summary>
internal sealed class EnsureCommand : CliCommand
{
    private static readonly Option<DateOnly?> Since = new("--since")
    {
        Description = "Make partitions for the past too, back to the period of this day (UTC): before an import of old "
            + "events. At most 240 a call.",
        HelpName = "yyyy-mm-dd",
    };

    public EnsureCommand(CliEnvironment environment)
        : base(environment, "ensure", "Make the partitions ahead and, if asked, those of the past.")
    {
        Options.Add(MaintenanceOptions.Tenant);
        Options.Add(MaintenanceOptions.PeriodsAhead);
        Options.Add(MaintenanceOptions.Period);
        Options.Add(Since);
        Options.Add(CommonOptions.DryRun);
        Options.Add(CommonOptions.ShowSql);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var pass = await MaintenanceOptions.PassAsync(context);
        DateTimeOffset? since = context.Get(Since) is { } day ? new(day, TimeOnly.MinValue, TimeSpan.Zero) : null;
        if (!context.DryRun)
            return PlanOutput.Write(context, await pass.EnsureAsync(since, context.Cancellation));
        PlanOutput.Write(context, await pass.PlanEnsureAsync(since, context.Cancellation));
        return ExitCode.Done;
    }
}
