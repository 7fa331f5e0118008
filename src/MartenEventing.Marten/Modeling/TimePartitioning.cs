using Weasel.Postgresql.Tables;
using Weasel.Postgresql.Tables.Partitioning;

namespace MartenEventing.Marten.Modeling;

/// <summary>
/// RANGE on the timestamp or, where each tenant has partitions of its own, LIST on the tenant; the partitions
/// themselves being none of Weasel's business.
/// </summary>
internal sealed class TimePartitioning(bool byTenant) : IPartitionStrategy
{
    public const string Column = "timestamp";
    public const string TenantColumn = "tenant_id";

    public string[] Columns => [byTenant ? TenantColumn : Column];

    public void WritePartitionBy(TextWriter writer) =>
        writer.WriteLine($") PARTITION BY {(byTenant ? "LIST" : "RANGE")} ({Columns[0]});");

    public void WriteCreateStatement(TextWriter writer, Table parent)
    {
    }

    public PartitionDelta CreateDelta(Table parent, IPartitionStrategy actual, out IPartition[] missing)
    {
        missing = [];
        return IsOf(actual) ? PartitionDelta.None : PartitionDelta.Rebuild;
    }

    public IEnumerable<string> PartitionTableNames(Table parent) => [];

    public bool IsOf(IPartitionStrategy? strategy) => byTenant
        ? strategy is ListPartitioning { Columns: [TenantColumn] }
        : strategy is RangePartitioning { Columns: [Column] };
}
