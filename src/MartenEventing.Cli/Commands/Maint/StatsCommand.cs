using MartenEventing.Cli.Output;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;

namespace MartenEventing.Cli.Commands.Maint;

/// <summary>Shows sizes, the use of indexes and recent activity.</summary>
internal sealed class StatsCommand : CliCommand
{
    private const int LargestShown = 10;

    public StatsCommand(CliEnvironment environment)
        : base(environment, "stats", "Show sizes, the use and effectiveness of indexes, and the last 24 hours.") =>
        Options.Add(CommonOptions.Json);

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var source = await context.DataSourceAsync();
        var upkeep = new StoreUpkeep(source, context.Schema);
        var sizes = await new PartitionCatalog(source, context.Schema).ListSizesAsync(context.Cancellation);
        var indexes = await upkeep.ReadIndexUsageAsync(context.Cancellation);
        var hours = await upkeep.ReadRecentActivityAsync(context.Cancellation);
        if (context.Json)
            context.Output.WriteJson(new { Partitions = sizes, Indexes = indexes, RecentActivity = hours });
        else
            WriteText(context.Output, sizes, indexes, hours);
        foreach (var index in indexes.Where(index => !index.IsValid))
            context.Output.Warn(
                $"{index.Index} is not valid. Build it anew: marten-eventing maint reindex {index.Table}.");
        return ExitCode.Done;
    }

    private static void WriteText(
        CommandOutput output,
        IReadOnlyList<PartitionSize> sizes,
        IReadOnlyList<IndexUsage> indexes,
        IReadOnlyList<HourlyActivity> hours)
    {
        output.WriteTable(
            ["Largest partitions", ">Events", ">Table", ">Indexes"],
            sizes.OrderByDescending(s => s.TotalBytes).Take(LargestShown).Select(s => new[]
            {
                s.Partition.Name, s.EventCount?.ToString("N0") ?? "", Size.Of(s.TableBytes), Size.Of(s.IndexBytes),
            }));
        output.WriteTable(
            ["Largest indexes", ">Size", ">Scans", ">Entries read", ">Effective"],
            indexes.Take(LargestShown).Select(i => new[]
            {
                i.Index, Size.Of(i.Bytes), $"{i.Scans:N0}", $"{i.EntriesRead:N0}",
                i.EffectivenessPercent is { } percent ? $"{percent:N1} %" : "",
            }));
        output.WriteTable(
            ["Hour (UTC)", ">Events", ">Streams"],
            hours.Select(h => new[]
            {
                $"{h.Hour.UtcDateTime:yyyy-MM-dd HH:mm}", $"{h.EventCount:N0}", $"{h.StreamCount:N0}",
            }));
    }
}
