namespace MartenEventing.Partitioning;

/// <summary>How large a partition is.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="EventCount">The server's estimate as of the last ANALYZE or VACUUM; null before the first.</param>
/// <param name="TableBytes">Bytes of the table without its indexes.</param>
/// <param name="IndexBytes">Bytes of its indexes.</param>
public sealed record PartitionSize(Partition Partition, long? EventCount, long TableBytes, long IndexBytes)
{
    /// <summary>Bytes of table and indexes together.</summary>
    public long TotalBytes => TableBytes + IndexBytes;
}
