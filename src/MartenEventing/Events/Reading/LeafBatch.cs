using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>Reads versions of a stream from some leaves, in one round trip; used once.</summary>
internal sealed class LeafBatch(StoreSession session, StreamId stream, long from, long to)
{
    private readonly List<StoredEvent> _events = [];
    private readonly List<StreamMap.Stretch> _stretches = [];
    private long _version;
    private bool _sorted = true;
    private bool _seesBounds;

    /// <summary>How many columns of the stream come before the events of the first leaf.</summary>
    private enum Lead
    {
        None = 0,
        Version = 1,
        Life = 3,
    }

    /// <summary>The stream's life, when it was read and there is such a stream.</summary>
    public StreamLife? Life { get; private set; }

    /// <summary>
    /// Whether an event was found that is newer than the stream's version; left out unless it was read as a whole.
    /// </summary>
    public bool SawBeyond { get; private set; }

    /// <summary>Where the events were found.</summary>
    public StreamMap Map => new(_events[0].Version, _events[^1].Version, [.. _stretches]);

    /// <summary>Reads the stream's version together with the first leaf, before the others.</summary>
    public Task<StreamRange> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, CancellationToken cancellationToken) =>
        ReadAsync(connection, leaves, Lead.Version, cancellationToken);

    /// <summary>The same, and also the stream's <see cref="Life"/>. Not for plain stores.</summary>
    public Task<StreamRange> ReadWithLifeAsync(
        NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, bool seesBounds, CancellationToken cancellationToken)
    {
        _seesBounds = seesBounds;
        return ReadAsync(connection, leaves, Lead.Life, cancellationToken);
    }

    /// <summary>Reads up to a version of the stream that is known.</summary>
    public Task<StreamRange> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, long version, CancellationToken cancellationToken)
    {
        _version = version;
        return ReadAsync(connection, leaves, Lead.None, cancellationToken);
    }

    private async Task<StreamRange> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, Lead lead, CancellationToken cancellationToken)
    {
        await using var batch = Batch(connection, leaves, lead);
        await session.PrepareAsync(batch, cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        for (var i = 0; i < leaves.Count; i++)
        {
            if (i > 0)
                await reader.NextResultAsync(cancellationToken);
            await ReadAsync(reader, leaves[i], i == 0 ? lead : Lead.None, cancellationToken);
        }

        if (!_sorted)
            _events.Sort(static (one, other) => one.Version.CompareTo(other.Version));
        return new StreamRange(_version, _events);
    }

    private NpgsqlBatch Batch(NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, Lead lead)
    {
        var batch = connection.CreateBatch();
        for (var i = 0; i < leaves.Count; i++)
        {
            var command = new NpgsqlBatchCommand((i == 0 ? lead : Lead.None) switch
            {
                Lead.Version => leaves[i].StreamSqlWithVersion(session.Prefix),
                Lead.Life => leaves[i].StreamSqlWithLife(session.Prefix, _seesBounds),
                _ => leaves[i].StreamSql(session.Prefix),
            });
            command.Parameters.With(stream).With(from).With(to).With(session.Scope);
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private async Task ReadAsync(NpgsqlDataReader row, Leaf leaf, Lead lead, CancellationToken cancellationToken)
    {
        var first = (int)lead;
        var (lowest, highest) = (long.MaxValue, 0L);
        for (var isFirst = true; await row.ReadAsync(cancellationToken); isFirst = false)
        {
            if (isFirst && lead != Lead.None)
                ReadStream(row, lead);
            if (row.IsDBNull(first))
                break;
            var found = EventColumns.Read(row, first, stream);
            if (found.Version > _version)
            {
                // Committed after the stream's version was read, or mt_streams tells less than there is.
                SawBeyond = true;
                if (!leaf.IsWhole)
                    continue;
            }

            _sorted &= _events.Count == 0 || _events[^1].Version < found.Version;
            _events.Add(found);
            (lowest, highest) = (Math.Min(lowest, found.Version), Math.Max(highest, found.Version));
        }

        if (highest > 0)
            _stretches.Add(new StreamMap.Stretch(leaf.Oid, lowest, highest));
    }

    private void ReadStream(NpgsqlDataReader row, Lead lead)
    {
        _version = row.IsDBNull(0) ? 0 : row.GetInt64(0);
        if (lead == Lead.Life)
            Life = StreamLife.Read(row);
    }
}
