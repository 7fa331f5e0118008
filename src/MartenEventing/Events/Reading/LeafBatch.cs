using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>Reads versions of a stream from leaves by their names, in one round trip; used once.</summary>
internal sealed class LeafBatch(StoreSession session, StreamId stream, long from, long to)
{
    private readonly List<StoredEvent> _events = [];
    private readonly List<StreamMap.Stretch> _stretches = [];
    private long _version;
    private bool _sorted = true;

    /// <summary>
    /// What comes before the events of the first leaf. The events of the others have their generation.
    /// </summary>
    private enum Lead
    {
        Generation = 1,
        Version = 2,
        Life = 4,
    }

    /// <summary>The stream's life, when it was read and there is such a stream.</summary>
    public StreamLife? Life { get; private set; }

    /// <summary>Where the events were found.</summary>
    public StreamMap Map => new(_events[0].Version, _events[^1].Version, [.. _stretches]);

    /// <summary>Reads the stream's version together with the first leaf, before the others.</summary>
    /// <returns>Null when a leaf is not what it was.</returns>
    public Task<StreamRange?> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, CancellationToken cancellationToken) =>
        ReadAsync(connection, leaves, Lead.Version, cancellationToken);

    /// <summary>The same, and also the stream's <see cref="Life"/>. Not for plain stores.</summary>
    /// <returns>Null when a leaf is not what it was.</returns>
    public Task<StreamRange?> ReadWithLifeAsync(
        NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, CancellationToken cancellationToken) =>
        ReadAsync(connection, leaves, Lead.Life, cancellationToken);

    /// <summary>Reads up to a version of the stream that is known.</summary>
    /// <returns>Null when a leaf is not what it was.</returns>
    public Task<StreamRange?> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, long version, CancellationToken cancellationToken)
    {
        _version = version;
        return ReadAsync(connection, leaves, Lead.Generation, cancellationToken);
    }

    /// <summary>
    /// The same, and looks afterwards, with the leaves still locked, whether the same partitions are attached and still
    /// hold the whole life of the stream: so nothing is missing, even where versions are.
    /// </summary>
    /// <returns>Null when they are not.</returns>
    public async Task<StreamRange?> ReadAsync(
        NpgsqlConnection connection,
        LayoutCache layouts,
        Layout layout,
        StreamLife life,
        CancellationToken cancellationToken)
    {
        _version = life.Version;
        var leaves = layout.Between(life.Earliest, life.Latest);
        await using var batch = Batch(connection, leaves, Lead.Generation);
        batch.BatchCommands.Add(layouts.StampCommand());
        var lifeNow = new NpgsqlBatchCommand(StreamLife.Sql(session.Prefix, session.Scope));
        lifeNow.Parameters.With(stream).With(session.Scope);
        batch.BatchCommands.Add(lifeNow);

        await using var reader = await ExecuteAsync(batch, cancellationToken);
        if (await ReadAsync(reader, leaves, Lead.Generation, cancellationToken) is not { } range)
            return null;
        await reader.NextResultAsync(cancellationToken);
        var (_, fingerprint) = await LayoutCache.ReadStampAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var now = await reader.ReadAsync(cancellationToken) ? StreamLife.Read(reader) : null;
        var isWhole = now is null || leaves.SequenceEqual(layout.Between(now.Earliest, now.Latest));
        return isWhole && fingerprint == layout.Fingerprint ? range : null;
    }

    private async Task<StreamRange?> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, Lead lead, CancellationToken cancellationToken)
    {
        await using var batch = Batch(connection, leaves, lead);
        await using var reader = await ExecuteAsync(batch, cancellationToken);
        return await ReadAsync(reader, leaves, lead, cancellationToken);
    }

    private NpgsqlBatch Batch(NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, Lead lead)
    {
        var batch = connection.CreateBatch();
        for (var i = 0; i < leaves.Count; i++)
        {
            var command = new NpgsqlBatchCommand((i == 0 ? lead : Lead.Generation) switch
            {
                Lead.Version => leaves[i].StreamSqlWithVersion(session.Prefix),
                Lead.Life => leaves[i].StreamSqlWithLife(session.Prefix),
                _ => leaves[i].StreamSql,
            });
            command.Parameters.With(stream).With(from).With(to).With(session.Scope);
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private async Task<NpgsqlDataReader> ExecuteAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await session.PrepareAsync(batch, cancellationToken);
        return await batch.ExecuteReaderAsync(cancellationToken);
    }

    private async Task<StreamRange?> ReadAsync(
        NpgsqlDataReader reader, IReadOnlyList<Leaf> leaves, Lead lead, CancellationToken cancellationToken)
    {
        for (var i = 0; i < leaves.Count; i++)
        {
            if (i > 0)
                await reader.NextResultAsync(cancellationToken);
            if (!await ReadAsync(reader, leaves[i], i == 0 ? lead : Lead.Generation, cancellationToken))
                return null;
        }

        if (!_sorted)
            _events.Sort(static (one, other) => one.Version.CompareTo(other.Version));
        return new StreamRange(_version, _events);
    }

    /// <returns>False when the leaf is not what it was.</returns>
    private async Task<bool> ReadAsync(
        NpgsqlDataReader row, Leaf leaf, Lead lead, CancellationToken cancellationToken)
    {
        var first = (int)lead;
        var (lowest, highest) = (long.MaxValue, 0L);
        for (var isFirst = true; await row.ReadAsync(cancellationToken); isFirst = false)
        {
            if (isFirst && lead != Lead.Generation)
                ReadStream(row, lead);
            if (row.IsDBNull(first))
                break;
            if (isFirst && !IsSame(leaf, row, first - 1))
                return false;
            var found = EventColumns.Read(row, first, stream);
            if (leaf.Generation is not null && found.Version > _version)
                continue;  // committed after the stream's version was read
            _sorted &= _events.Count == 0 || _events[^1].Version < found.Version;
            _events.Add(found);
            (lowest, highest) = (Math.Min(lowest, found.Version), Math.Max(highest, found.Version));
        }

        if (highest > 0)
            _stretches.Add(new StreamMap.Stretch(leaf.Oid, lowest, highest));
        return true;
    }

    private void ReadStream(NpgsqlDataReader row, Lead lead)
    {
        _version = row.IsDBNull(0) ? 0 : row.GetInt64(0);
        if (lead == Lead.Life)
            Life = StreamLife.Read(row);
    }

    private static bool IsSame(Leaf leaf, NpgsqlDataReader row, int generation) => leaf.Generation is not { } known
        || !row.IsDBNull(generation) && row.GetFieldValue<uint>(generation) == known;
}
