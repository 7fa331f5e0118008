namespace MartenEventing.Events.Importing;

/// <summary>Counts what was stored.</summary>
internal sealed class ImportTally
{
    private long _earliest = long.MaxValue;
    private long _latest = long.MinValue;

    /// <summary>Earlier events lie in the head; microseconds since 2000.</summary>
    public long Floor { get; set; } = long.MinValue;

    public long Events { get; private set; }

    public long NewStreams { get; private set; }

    public long InvalidLines { get; set; }

    public long EventsInHead { get; private set; }

    public DateTimeOffset? Earliest => Events == 0 ? null : PostgresTime.ToTime(_earliest);

    public DateTimeOffset? Latest => Events == 0 ? null : PostgresTime.ToTime(_latest);

    public void Add(ImportBatch batch, int newStreams)
    {
        NewStreams += newStreams;
        Events += batch.Count;
        foreach (var row in batch.Rows)
        {
            _earliest = Math.Min(_earliest, row.Time);
            _latest = Math.Max(_latest, row.Time);
            if (row.Time < Floor)
                EventsInHead++;
        }
    }
}
