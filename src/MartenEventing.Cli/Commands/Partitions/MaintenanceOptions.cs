using System.CommandLine;
using MartenEventing.Cli.Output;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Partitions;

/// <summary>The options that say how partitions are looked after.</summary>
internal static class MaintenanceOptions
{
    public static readonly Option<int> PeriodsAhead = new("--periods-ahead")
    {
        Description = "How many periods after the current one exist beforehand: 0 to 1000.",
        HelpName = "n",
        DefaultValueFactory = _ => new PartitionOptions().PeriodsAhead,
    };

    public static readonly Option<PartitionPeriod?> Period = CommonOptions.OneOf<PartitionPeriod>(
        "--period", "The length of new partitions. Default: as long as the newest one is.");

    public static readonly Option<int> SealGrace = new("--seal-grace")
    {
        Description = "Days after its end that a partition is sealed: 0 to 3650.",
        HelpName = "days",
        DefaultValueFactory = _ => new PartitionOptions().SealGrace.Days,
    };

    public static readonly Option<int?> AtMost = new("--at-most")
    {
        Description = "Merge the oldest sealed partitions into years, quarters, months, weeks, as long as there are "
            + "more than so many: 10 to 10000. Default: never. Not for stores whose old partitions are dropped.",
        HelpName = "n",
    };

    public static readonly Option<string?> Tenant = new("--tenant")
    {
        Description = "Only the partitions of this tenant, in a store where each has its own. Default: those of all.",
        HelpName = "id",
    };

    public static async Task<MaintenancePass> PassAsync(CommandContext context)
    {
        var options = new PartitionOptions
        {
            Period = context.Get(Period),
            PeriodsAhead = context.Get(PeriodsAhead),
            SealGrace = TimeSpan.FromDays(context.Get(SealGrace)),
            PartitionsAtMost = context.Get(AtMost),
        }.Validated();
        return new MaintenancePass(
            await context.DataSourceAsync(), context.Schema, options, context.Time, new TalkLogger(context.Output))
        {
            Tenant = context.Get(Tenant),
        };
    }
}
