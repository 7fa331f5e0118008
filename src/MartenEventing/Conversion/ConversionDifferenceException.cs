namespace MartenEventing.Conversion;

/// <summary>
/// A partition of the copy does not hold what the plain table holds of its time. Nothing was switched, and the plain table
/// is what the application works on.
/// </summary>
public sealed class ConversionDifferenceException : Exception
{
    internal ConversionDifferenceException(
        string schemaName, string partition, long plainCount, string plainHash, long copyCount, string copyHash)
        : base($"Schema \"{schemaName}\": {partition} of the copy holds {copyCount} events with hash {copyHash}, mt_events of "
            + $"that time {plainCount} with hash {plainHash}. Somebody has changed one of them alone. Make the copy anew: "
            + "marten-eventing convert rollback, then marten-eventing convert start --way shadow.")
    {
        SchemaName = schemaName;
        Partition = partition;
        PlainCount = plainCount;
        PlainHash = plainHash;
        CopyCount = copyCount;
        CopyHash = copyHash;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    /// <summary>The partition of the copy.</summary>
    public string Partition { get; }

    /// <summary>Events that the plain table holds of the partition's time.</summary>
    public long PlainCount { get; }

    /// <summary>The sum of a hash over all columns of each of them.</summary>
    public string PlainHash { get; }

    /// <summary>Events in the partition.</summary>
    public long CopyCount { get; }

    /// <summary>The sum of a hash over all columns of each of them.</summary>
    public string CopyHash { get; }
}
