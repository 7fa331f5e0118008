namespace MartenEventing.Cli.Commands.Partitions;

/// <summary>Shows what maintenance would do.</summary>
internal sealed class PlanCommand : CliCommand
{
    public PlanCommand(CliEnvironment environment)
        : base(environment, "plan", "Show what \"partitions maintain\" would do now.")
    {
        Options.Add(MaintenanceOptions.Tenant);
        Options.Add(MaintenanceOptions.PeriodsAhead);
        Options.Add(MaintenanceOptions.Period);
        Options.Add(MaintenanceOptions.SealGrace);
        Options.Add(MaintenanceOptions.AtMost);
        Options.Add(CommonOptions.ShowSql);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var pass = await MaintenanceOptions.PassAsync(context);
        PlanOutput.Write(context, await pass.PlanAsync(context.Cancellation));
        return ExitCode.Done;
    }
}
