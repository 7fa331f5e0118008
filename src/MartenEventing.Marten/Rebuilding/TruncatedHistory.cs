namespace MartenEventing.Marten.Rebuilding;

/// <summary>What is missing in the history that a rebuild would read, in one database.</summary>
public sealed record TruncatedHistory
{
    /// <summary>The database, as Marten names it.</summary>
    public required string Database { get; init; }

    /// <summary>
    /// The event after which all these projections begin (by a floor in <c>mt_event_projection_floors</c> or by
    /// <c>SubscribeFromSequence</c> and the like, since Marten 9.59); 0 where one of them begins with the first.
    /// </summary>
    public long Floor { get; init; }

    /// <summary>The partitions with events after the floor that retention has removed, in the order of time.</summary>
    public IReadOnlyList<RemovedPartition> RemovedPartitions { get; init; } = [];

    /// <summary>The first hundred of the streams that begin later than with their first event.</summary>
    public IReadOnlyList<IncompleteStream> IncompleteStreams { get; init; } = [];

    /// <summary>How many streams begin later than with their first event.</summary>
    public long IncompleteStreamCount { get; init; }

    /// <summary>The documents that a rebuild would remove, by projection.</summary>
    public IReadOnlyList<LostDocuments> LostDocuments { get; init; } = [];

    /// <summary>Whether anything is missing.</summary>
    public bool IsTruncated => RemovedPartitions.Count > 0 || IncompleteStreamCount > 0 || LostDocuments.Count > 0;

    /// <summary>What is missing, a line for each kind; empty when nothing is.</summary>
    public IReadOnlyList<string> Describe()
    {
        var lines = new List<string>();
        if (RemovedPartitions.Count > 0)
            lines.Add(
                $"{Database}: retention has removed {RemovedPartitions.Count:N0} partition(s), "
                + $"{string.Join(", ", RemovedPartitions.Select(removed => removed.Name))}, and with them "
                + $"{RemovedPartitions.Sum(removed => removed.Events):N0} events of "
                + $"{RemovedPartitions.Sum(removed => removed.Streams):N0} streams.");
        if (IncompleteStreamCount > 0)
            lines.Add(
                $"{Database}: {IncompleteStreamCount:N0} stream(s) lack their first events, among them "
                + string.Join(
                    ", ", IncompleteStreams.Take(5).Select(s => $"{s.Stream} (from version {s.FirstVersion})"))
                + ".");
        lines.AddRange(LostDocuments.Select(lost =>
            $"{Database}: {lost.Count:N0} {lost.Document.Name} document(s) of {lost.Projection} have no stream any more"
            + (lost.Floor > 0 ? $", or no event after their floor {lost.Floor:N0}," : "") + " "
            + $"and would go, among them {string.Join(", ", lost.Examples.Take(5))}."));
        return lines;
    }
}
