using Weasel.Postgresql.Tables;
using Weasel.Postgresql.Tables.Partitioning;

namespace MartenEventing.Modeling;

/// <summary>RANGE on the timestamp, the partitions themselves being none of Weasel's business.</summary>
internal sealed class TimePartitioning : IPartitionStrategy
{
    public const string Column = "timestamp";

    public string[] Columns => [Column];

    public void WritePartitionBy(TextWriter writer) => writer.WriteLine($") PARTITION BY RANGE ({Column});");

    public void WriteCreateStatement(TextWriter writer, Table parent)
    {
    }

    public PartitionDelta CreateDelta(Table parent, IPartitionStrategy actual, out IPartition[] missing)
    {
        missing = [];
        return IsOf(actual) ? PartitionDelta.None : PartitionDelta.Rebuild;
    }

    public IEnumerable<string> PartitionTableNames(Table parent) => [];

    public static bool IsOf(IPartitionStrategy? strategy) => strategy is RangePartitioning { Columns: [Column] };
}
