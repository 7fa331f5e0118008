namespace MartenEventing.Conversion;

/// <summary>
/// Partitions of the partitioned copy do not hold what the plain table holds of their time. Nothing was switched or
/// dropped, and the application works on the table that it worked on.
/// </summary>
public sealed class ConversionDifferenceException : MartenEventingException
{
    private const int Told = 5;

    internal ConversionDifferenceException(
        string schemaName, IReadOnlyList<PartitionDifference> differences, string nextStep)
        : base($"Schema \"{schemaName}\": the plain and the partitioned copy of the events differ, so "
            + "nothing was switched or dropped. "
            + string.Join("; ", differences.Take(Told).Select(Describe))
            + (differences.Count > Told ? $"; and {differences.Count - Told} more partitions" : "")
            + $". Somebody has changed one of them alone. {nextStep}")
    {
        SchemaName = schemaName;
        Differences = differences;
    }

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    /// <summary>All partitions in which the copies differ, in the order of time; at least one.</summary>
    public IReadOnlyList<PartitionDifference> Differences { get; }

    private static string Describe(PartitionDifference one) =>
        $"{one.Partition} ({one.Bounds}) holds {one.CopyCount} events with hash {one.CopyHash}, the plain table of "
        + $"that time {one.PlainCount} with hash {one.PlainHash}";
}
