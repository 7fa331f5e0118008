using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>The layout that all connections of a store go by, until a read finds it out of date.</summary>
internal sealed class LayoutCache(StoreSession session)
{
    /// <summary>
    /// So long a reader may overlook that a plain store was converted or a partition sealed: then it is slower, not
    /// wrong.
    /// </summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(1);

    private string StampSql => field ??=
        $"""
         SELECT {session.Prefix}mt_current_epoch(),
                (SELECT pg_catalog.concat(
                            pg_catalog.count(*), '/', pg_catalog.count(*) FILTER (WHERE i.inhdetachpending), '/',
                            pg_catalog.bit_xor(pg_catalog.hashint8extended(
                                (i.inhrelid::bigint OPERATOR(pg_catalog.<<) 32)
                                    OPERATOR(pg_catalog.|) i.xmin::pg_catalog.text::bigint, 0)))
                   FROM pg_catalog.pg_inherits i
                  WHERE i.inhparent {Own.Equal} {(session.Scope.HasPartitions
                      ? $"{session.Prefix}mt_tenant_table($2)"
                      : $"pg_catalog.to_regclass($1 {Own.Concat} 'mt_events')")})
         """;

    private readonly SemaphoreSlim _one = new(1);
    private Layout? _current;
    private long _readAt;

    /// <summary>The layout, if one was read; no I/O.</summary>
    public Layout? Known => Volatile.Read(ref _current);

    /// <summary>The layout; read through this connection if need be.</summary>
    public async ValueTask<Layout> CurrentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (Known is not { } known || known.Leaves.Count == 0)
            return await RefreshAsync(connection, stale: Known, cancellationToken);
        if (session.Clock.GetElapsedTime(Volatile.Read(ref _readAt)) < LongestLife || !_one.Wait(0, cancellationToken))
            return known;
        return await ReadAndReleaseAsync(connection, cancellationToken);
    }

    /// <summary>Reads the layout anew, unless somebody else has done so since.</summary>
    public async Task<Layout> RefreshAsync(
        NpgsqlConnection connection, Layout? stale, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        if (Known is not { } other || other == stale)
            return await ReadAndReleaseAsync(connection, cancellationToken);
        _one.Release();
        return other;
    }

    /// <summary>Tells epoch and fingerprint as of when it runs.</summary>
    public NpgsqlBatchCommand StampCommand()
    {
        var stamp = new NpgsqlBatchCommand(StampSql);
        stamp.Parameters.With(session.Prefix);
        if (session.Scope.HasPartitions)
            stamp.Parameters.With(session.Scope.Tenant);
        return stamp;
    }

    /// <summary>Reads what <see cref="StampCommand"/> tells.</summary>
    public static async Task<(long Epoch, string Fingerprint)> ReadStampAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetString(1));
    }

    private async Task<Layout> ReadAndReleaseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var readAt = session.Clock.GetTimestamp();
            var layout = await ReadAsync(connection, cancellationToken);
            Volatile.Write(ref _readAt, readAt);
            Volatile.Write(ref _current, layout);
            return layout;
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<Layout> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(StampCommand());
        batch.BatchCommands.Add(BoundsCommand());
        batch.BatchCommands.Add(PartitionsCommand());
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var (epoch, fingerprint) = await ReadStampAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var seesBounds = reader.GetBoolean(0);
        await reader.NextResultAsync(cancellationToken);
        var leaves = new List<Leaf>();
        while (await reader.ReadAsync(cancellationToken))
            leaves.Add(ReadLeaf(reader));
        return leaves.Count > 0 || session.Scope.HasPartitions
            ? new Layout(leaves, isPlain: false, epoch, fingerprint, seesBounds)
            : new Layout([Leaf.Whole(session.Scope)], isPlain: true, epoch, fingerprint, seesBounds);
    }

    private NpgsqlBatchCommand BoundsCommand()
    {
        var command = new NpgsqlBatchCommand(
            $"SELECT coalesce(pg_catalog.has_table_privilege("
            + $"pg_catalog.to_regclass($1 {Own.Concat} 'mt_stream_bounds'), 'SELECT'), false)");
        command.Parameters.With(session.Prefix);
        return command;
    }

    private NpgsqlBatchCommand PartitionsCommand()
    {
        var own = session.Scope.HasPartitions;
        var partitions = own ? $"mt_partitions_of({session.Prefix}mt_tenant_table($1))" : "mt_partitions()";
        var command = new NpgsqlBatchCommand(
            $"""
             SELECT leaf, lower_bound, upper_bound, is_sealed, first_seq, last_seq
               FROM {session.Prefix}{partitions}
              WHERE NOT detach_pending
             """);
        if (own)
            command.Parameters.With(session.Scope.Tenant);
        return command;
    }

    private Leaf ReadLeaf(NpgsqlDataReader row) => new(
        row.GetFieldValue<uint>(0),
        row.GetFieldValue<DateTimeOffset>(1),
        row.GetFieldValue<DateTimeOffset>(2),
        row.GetBoolean(3) ? (row.GetInt64(4), row.GetInt64(5)) : null,
        session.Scope);
}
