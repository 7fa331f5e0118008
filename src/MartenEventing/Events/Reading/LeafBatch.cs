using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>Reads versions of a stream from leaves by their names, in one round trip.</summary>
internal sealed class LeafBatch(StoreSession session, StreamId stream, long from, long to)
{
    private readonly List<StoredEvent> _events = [];
    private readonly List<StreamMap.Stretch> _stretches = [];
    private long _version;
    private bool _sorted = true;

    /// <summary>Reads the stream's version together with the first leaf, before the others.</summary>
    /// <returns>Null when a leaf is not what it was.</returns>
    public async Task<StreamRange?> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, CancellationToken cancellationToken)
    {
        await using var batch = Batch(connection, leaves, withVersion: true);
        await using var reader = await ExecuteAsync(batch, cancellationToken);
        return await ReadAsync(reader, leaves, withVersion: true, cancellationToken);
    }

    /// <summary>Reads up to a version of the stream that is known.</summary>
    /// <returns>Null when a leaf is not what it was.</returns>
    public async Task<StreamRange?> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, long version, CancellationToken cancellationToken)
    {
        _version = version;
        await using var batch = Batch(connection, leaves, withVersion: false);
        await using var reader = await ExecuteAsync(batch, cancellationToken);
        return await ReadAsync(reader, leaves, withVersion: false, cancellationToken);
    }

    /// <summary>
    /// The same, and looks afterwards, with the leaves still locked, whether the same partitions are attached and still hold the
    /// whole life of the stream: so nothing is missing, even where versions are.
    /// </summary>
    /// <returns>Null when they are not.</returns>
    public async Task<StreamRange?> ReadAsync(
        NpgsqlConnection connection, LayoutCache layouts, Layout layout, StreamLife life, CancellationToken cancellationToken)
    {
        _version = life.Version;
        var leaves = layout.Between(life.Earliest, life.Latest);
        await using var batch = Batch(connection, leaves, withVersion: false);
        batch.BatchCommands.Add(layouts.StampCommand());
        var lifeNow = new NpgsqlBatchCommand(StreamLife.Sql(session.Prefix));
        lifeNow.Parameters.With(stream);
        batch.BatchCommands.Add(lifeNow);

        await using var reader = await ExecuteAsync(batch, cancellationToken);
        if (await ReadAsync(reader, leaves, withVersion: false, cancellationToken) is not { } range)
            return null;
        await reader.NextResultAsync(cancellationToken);
        var (_, fingerprint) = await LayoutCache.ReadStampAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var now = await reader.ReadAsync(cancellationToken) ? StreamLife.Read(reader) : null;
        return fingerprint == layout.Fingerprint && (now is null || leaves.SequenceEqual(layout.Between(now.Earliest, now.Latest)))
            ? range
            : null;
    }

    /// <summary>Where the events were found.</summary>
    public StreamMap Map() => new(_events[0].Version, _events[^1].Version, [.. _stretches]);

    private void Add(NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.With(stream).With(from).With(to);
        batch.BatchCommands.Add(command);
    }

    private NpgsqlBatch Batch(NpgsqlConnection connection, IReadOnlyList<Leaf> leaves, bool withVersion)
    {
        var batch = connection.CreateBatch();
        for (var i = 0; i < leaves.Count; i++)
            Add(batch, withVersion && i == 0 ? leaves[0].StreamSqlWithVersion(session.Prefix) : leaves[i].StreamSql);
        return batch;
    }

    private async Task<NpgsqlDataReader> ExecuteAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await session.PrepareAsync(batch, cancellationToken);
        return await batch.ExecuteReaderAsync(cancellationToken);
    }

    private async Task<StreamRange?> ReadAsync(
        NpgsqlDataReader reader, IReadOnlyList<Leaf> leaves, bool withVersion, CancellationToken cancellationToken)
    {
        for (var i = 0; i < leaves.Count; i++)
        {
            if (i > 0)
                await reader.NextResultAsync(cancellationToken);
            if (!await ReadAsync(reader, leaves[i], withVersion && i == 0, cancellationToken))
                return null;
        }

        if (!_sorted)
            _events.Sort(static (one, other) => one.Version.CompareTo(other.Version));
        return new StreamRange(_version, _events);
    }

    private async Task<bool> ReadAsync(
        NpgsqlDataReader reader, Leaf leaf, bool withVersion, CancellationToken cancellationToken)
    {
        var first = withVersion ? 2 : 1;
        var (lowest, highest) = (long.MaxValue, 0L);
        var checkedOnce = false;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (withVersion)
                _version = reader.IsDBNull(0) ? 0 : reader.GetInt64(0);
            if (withVersion && reader.IsDBNull(first))
                break;
            if (!checkedOnce && leaf.Generation is { } generation
                && (reader.IsDBNull(first - 1) || reader.GetFieldValue<uint>(first - 1) != generation))
                return false;
            checkedOnce = true;
            var found = EventColumns.Read(reader, first, stream);
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
}
