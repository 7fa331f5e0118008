using MartenEventing.Partitioning;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>The partitions: bounds, sizes, what is sealed.</summary>
internal static class PartitionTable
{
    private const int OldestShown = 4;
    private const int NewestShown = 18;
    private const int BarWidth = 22;

    public static async Task PlayAsync(Scenery scenery)
    {
        var stage = scenery.Stage;
        var sizes = await scenery.Catalog.ListSizesAsync(scenery.Cancellation);
        stage.Open($"The event table is {sizes.Count} tables, one a month");
        stage.Show(
            ["partition", ">from", ">events", ">size", "sequences", ""],
            Shown(sizes).Select(size => size is null ? Left(sizes.Count) : Row(size, sizes, stage.Ink)));
        stage.Say(
            "Head and tail are open towards the past and the future, so no insert ever fails for want of a partition. "
            + "A sealed month has its range of sequence numbers in a constraint: who reads by sequence leaves it out.");
    }

    private static IEnumerable<PartitionSize?> Shown(IReadOnlyList<PartitionSize> sizes) =>
        sizes.Count <= OldestShown + NewestShown + 1
            ? sizes
            : sizes.Take(OldestShown).Append<PartitionSize?>(null).Concat(sizes.TakeLast(NewestShown));

    private static string[] Left(int count) => [$"... {count - OldestShown - NewestShown} more", "", "", "", "", ""];

    private static string[] Row(PartitionSize size, IReadOnlyList<PartitionSize> all, char ink)
    {
        var events = size.EventCount ?? 0;
        var most = Math.Max(1, all.Max(other => other.EventCount ?? 0));
        return
        [
            size.Partition.Name,
            size.Partition.From?.ToString("yyyy-MM-dd") ?? "ever",
            $"{events:N0}",
            Bytes.Told(size.TotalBytes),
            Sequences(size.Partition),
            new string(ink, (int)Math.Ceiling((double)events * BarWidth / most)),
        ];
    }

    private static string Sequences(Partition partition) =>
        !partition.IsSealed ? "open" : partition.LastSequence == 0 ? "sealed, empty"
            : $"sealed {partition.FirstSequence:N0} to {partition.LastSequence:N0}";
}
