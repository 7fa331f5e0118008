namespace MartenEventing.Cli.Commands.Partitions;

/// <summary>Runs one maintenance pass.</summary>
internal sealed class MaintainCommand : CliCommand
{
    public MaintainCommand(CliEnvironment environment)
        : base(
            environment,
            "maintain",
            "Do what is due: make partitions ahead, absorb the tail, seal what is over, renew statistics. Safe to run "
            + "at any time, as often as you like, anywhere.")
    {
        Options.Add(MaintenanceOptions.Tenant);
        Options.Add(MaintenanceOptions.PeriodsAhead);
        Options.Add(MaintenanceOptions.Period);
        Options.Add(MaintenanceOptions.SealGrace);
        Options.Add(MaintenanceOptions.AtMost);
        Options.Add(CommonOptions.DryRun);
        Options.Add(CommonOptions.ShowSql);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var pass = await MaintenanceOptions.PassAsync(context);
        if (!context.DryRun)
            return PlanOutput.Write(context, await pass.RunAsync(context.Cancellation));
        PlanOutput.Write(context, await pass.PlanAsync(context.Cancellation));
        return ExitCode.Done;
    }
}
