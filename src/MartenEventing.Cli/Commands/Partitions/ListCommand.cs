using MartenEventing.Cli.Output;
using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Partitions;

/// <summary>Shows the partitions as the catalogs have them.</summary>
internal sealed class ListCommand : CliCommand
{
    public ListCommand(CliEnvironment environment)
        : base(environment, "list", "Show all partitions: bounds, seal, estimated events, size.")
    {
        Options.Add(MaintenanceOptions.Tenant);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var source = await context.DataSourceAsync();
        var shape = await StoreShape.ReadAsync(source, context.Schema, context.Cancellation);
        var sizes = await new PartitionCatalog(source, context.Schema).ListSizesAsync(
            shape.IsPartitionedByTenant ? context.Get(MaintenanceOptions.Tenant) : null, context.Cancellation);
        if (context.Json)
            context.Output.WriteJson(sizes.Select(ToJson));
        else
            context.Output.WriteTable(
                [
                    .. shape.IsPartitionedByTenant ? (string[])["Tenant"] : [],
                    "Partition", "Kind", "From", "To", "Seal", ">Sequences", ">Events", ">Table", ">Indexes",
                ],
                sizes.Select(ToRow));
        if (await new PartitionCatalog(source, context.Schema).ReadLockSpaceAsync(
            context.Cancellation) is { IsTight: true } space)
            context.Output.Warn(space.Describe("mt_events") + ".");
        context.Output.Say(shape.Layout == StoreLayout.Plain
            ? "The store is plain: it has no partitions."
            : $"{sizes.Count} partitions, {Size.Of(sizes.Sum(s => s.TotalBytes))}.");
        return ExitCode.Done;
    }

    private static IEnumerable<string> ToRow(PartitionSize size)
    {
        var partition = size.Partition;
        return
        [
            .. partition.Tenant is null ? (string[])[] : [partition.Tenant],
            partition.Name,
            KindOf(partition),
            Day(partition.From),
            Day(partition.To),
            partition.DetachPending ? "detach pending" : partition.Seal.ToString().ToLowerInvariant(),
            partition.IsSealed ? $"{partition.FirstSequence}-{partition.LastSequence}" : "",
            size.EventCount?.ToString("N0") ?? "",
            Size.Of(size.TableBytes),
            Size.Of(size.IndexBytes),
        ];
    }

    private static object ToJson(PartitionSize size) => new
    {
        size.Partition.Tenant,
        size.Partition.Name,
        Kind = KindOf(size.Partition),
        size.Partition.From,
        size.Partition.To,
        size.Partition.Seal,
        size.Partition.FirstSequence,
        size.Partition.LastSequence,
        size.Partition.DetachPending,
        size.EventCount,
        size.TableBytes,
        size.IndexBytes,
    };

    private static string KindOf(Partition partition) =>
        (partition.Period?.ToString() ?? partition.Kind.ToString()).ToLowerInvariant();

    private static string Day(DateTimeOffset? at) => at switch
    {
        null => "open",
        { TimeOfDay.Ticks: 0 } => $"{at:yyyy-MM-dd}",
        _ => $"{at:yyyy-MM-dd HH:mm:ss}",
    };
}
