namespace MartenEventing.Conversion;

/// <summary>What the two copies of the events of a partition hold, where they differ.</summary>
/// <param name="Partition">The partition of the partitioned copy.</param>
/// <param name="Bounds">Its time, as PostgreSQL writes it: FOR VALUES FROM (...) TO (...).</param>
/// <param name="PlainCount">Events that the plain table holds of the partition's time.</param>
/// <param name="PlainHash">The sum of a hash over all columns of each of them.</param>
/// <param name="CopyCount">Events in the partition.</param>
/// <param name="CopyHash">The sum of a hash over all columns of each of them.</param>
public sealed record PartitionDifference(
    string Partition, string Bounds, long PlainCount, string PlainHash, long CopyCount, string CopyHash);
