namespace MartenEventing.Events.Importing;

/// <summary>Counts what would be stored.</summary>
internal sealed class ImportSurvey(long floor)
{
    private readonly ImportTally _tally = new() { Floor = floor };
    private readonly HashSet<StreamId> _streams = [];

    /// <summary>The earliest event that gets a partition of its own, in microseconds since 2000.</summary>
    public long EarliestOfOwn { get; private set; } = long.MaxValue;

    public void Add(ImportBatch batch)
    {
        _tally.Add(batch, newStreams: 0);
        _tally.InvalidLines += batch.Invalid.Count;
        foreach (var row in batch.Rows)
        {
            if (row.Time >= floor)
                EarliestOfOwn = Math.Min(EarliestOfOwn, row.Time);
            if (_streams.Count < ImportPlan.MostStreams)
                _streams.Add(row.Stream);
        }
    }

    public ImportPlan Plan(
        string source, long lines, long done, IReadOnlyList<string> partitions, string prefix) => new()
    {
        Source = source,
        Lines = lines,
        LinesDoneBefore = done,
        InvalidLines = _tally.InvalidLines,
        Events = _tally.Events,
        Streams = _streams.Count,
        Earliest = _tally.Earliest,
        Latest = _tally.Latest,
        PartitionsToMake = partitions,
        EventsInHead = _tally.EventsInHead,
        Sql = [.. partitions.Count == 0 ? Array.Empty<string>() : [HistoryPartitions.Sql(prefix)],
            Reservation.Sql(prefix), ImportTransaction.DrawSql(prefix), RowCopy.Sql(prefix),
            StoredProgress.MoveSql(prefix)],
    };
}
