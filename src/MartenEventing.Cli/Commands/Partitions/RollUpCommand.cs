using System.CommandLine;
using MartenEventing.Cli.Output;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Partitions;

/// <summary>Merges old partitions into longer ones.</summary>
internal sealed class RollUpCommand : CliCommand
{
    private static readonly Option<PartitionPeriod?> Into = CommonOptions.OneOf<PartitionPeriod>(
        "--into", "The period of the partitions they become. Default: year.");

    private static readonly Option<int> OlderThan = new("--older-than")
    {
        Description = "Days after its end that such a period is rolled up: 0 to 36500.",
        HelpName = "days",
        DefaultValueFactory = _ => new PartitionOptions().RollUpAge.Days,
    };

    public RollUpCommand(CliEnvironment environment)
        : base(
            environment,
            "roll-up",
            "Merge old partitions into longer ones, in small batches; events are visible throughout. May be stopped at "
            + "any moment, and goes on with the next call.")
    {
        Options.Add(MaintenanceOptions.Tenant);
        Options.Add(Into);
        Options.Add(OlderThan);
        Options.Add(CommonOptions.DryRun);
        Options.Add(CommonOptions.ShowSql);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var options = new PartitionOptions
        {
            RollUpInto = context.Get(Into) ?? PartitionPeriod.Year,
            RollUpAge = TimeSpan.FromDays(context.Get(OlderThan)),
        }.Validated();
        var pass = new MaintenancePass(
            await context.DataSourceAsync(), context.Schema, options, context.Time, new TalkLogger(context.Output));
        if (!context.DryRun)
            return PlanOutput.Write(context, await pass.RollUpAsync(context.Cancellation));
        PlanOutput.Write(context, await pass.PlanRollUpAsync(context.Cancellation));
        return ExitCode.Done;
    }
}
