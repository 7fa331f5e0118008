using MartenEventing.Diagnostics;
using MartenEventing.Events.Connecting;
using MartenEventing.Partitioning;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>Partitions for events of the past, made before the batch that brings them.</summary>
internal sealed class HistoryPartitions
{
    /// <summary>
    /// As many partitions are made in one transaction, which nobody can read or write the events meanwhile.
    /// </summary>
    private const int AtOnce = 24;

    private readonly StoreSession _session;
    private readonly string _period;
    private long _start;

    private HistoryPartitions(StoreSession session, string period, long start, long floor)
    {
        _session = session;
        _period = period;
        _start = start;
        Floor = floor;
    }

    /// <summary>Events before this instant go into the head partition, in microseconds since 2000.</summary>
    public long Floor { get; private set; }

    public List<string> Made { get; } = [];

    /// <summary>Looks where the history of the store begins. In a plain store there is nothing to make.</summary>
    /// <param name="session">The store.</param>
    /// <param name="connection">The connection to look through, and to make partitions through.</param>
    /// <param name="periods">How many periods of the past may get partitions of their own.</param>
    /// <param name="make">Whether a tenant that has no partitions yet is given them.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<HistoryPartitions> FindAsync(
        StoreSession session, NpgsqlConnection connection, int periods, bool make, CancellationToken cancellationToken)
    {
        if (session.Scope.HasPartitions && !await TakeTenantAsync(session, connection, make, cancellationToken))
            return new HistoryPartitions(session, "", long.MinValue, long.MinValue);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText =
            $"""
             SELECT s.period, h.upper_bound,
                    {session.Prefix}mt_period_add({session.Prefix}mt_period_start(now(), s.period), s.period, -$1)
               FROM {session.Prefix}mt_store_period() s (period)
               JOIN {session.Prefix}mt_partitions() h ON h.kind = 'head' AND isfinite(h.upper_bound)
             """;
        command.Parameters.With(periods);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new HistoryPartitions(session, reader.GetString(0), Time(reader, 1), Time(reader, 2))
            : new HistoryPartitions(session, "", long.MinValue, long.MinValue);
    }

    public static string Sql(string prefix) => $"SELECT {prefix}mt_provision_history($1, $2, $3)";

    /// <summary>Makes the partitions that the events of a batch ask for.</summary>
    public async Task EnsureAsync(
        NpgsqlConnection connection, ImportBatch batch, CancellationToken cancellationToken)
    {
        var earliest = EarliestOfOwn(batch);
        try
        {
            if (earliest < _start)
                await UseTenantAsync(_session, connection, cancellationToken);
            while (earliest < _start && await MakeAsync(connection, earliest, cancellationToken))
            {
                // Once more, for what was too much at once.
            }
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.InsufficientPrivilege
            or PostgresErrorCodes.ProgramLimitExceeded)
        {
            if (error.SqlState == PostgresErrorCodes.ProgramLimitExceeded)
                _start = await StartAsync(connection, cancellationToken);
            LogMessages.HistoryLeftInHead(_session.Logger, PostgresTime.ToTime(earliest), error.MessageText);
            Floor = _start;
        }
    }

    /// <summary>The names of the partitions that events from this instant on ask for.</summary>
    public async Task<IReadOnlyList<string>> PlanAsync(
        NpgsqlConnection connection, long earliest, CancellationToken cancellationToken)
    {
        if (earliest >= _start)
            return [];
        await UseTenantAsync(_session, connection, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText =
            $"""
             SELECT {_session.Prefix}mt_leaf_prefix() || {_session.Prefix}mt_period_suffix(p.start, $1)
               FROM (SELECT {_session.Prefix}mt_period_add({_session.Prefix}mt_period_start($2, $1), $1, i) AS start
                       FROM generate_series(0, 10000) i) p
              WHERE p.start < $3
              ORDER BY p.start
             """;
        command.Parameters.With(_period).With(PostgresTime.ToTime(earliest)).With(PostgresTime.ToTime(_start));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>Where each tenant has partitions of its own: those of this one. False when it has none.</summary>
    private static async Task<bool> TakeTenantAsync(
        StoreSession session, NpgsqlConnection connection, bool make, CancellationToken cancellationToken)
    {
        await UseTenantAsync(session, connection, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        var table = $"{session.Prefix}mt_tenant_table($1)";
        command.CommandText =
            $"SELECT {(make ? $"coalesce({table}, {session.Prefix}mt_create_tenant($1))" : table)}::oid IS NOT NULL";
        command.Parameters.With(session.Scope.Tenant);
        try
        {
            return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;  // its first stream makes them
        }
    }

    private static Task UseTenantAsync(
        StoreSession session, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        session.Scope.HasPartitions
            ? TenantInHand.UseAsync(connection, session.Options.SchemaName, session.Scope.Tenant, cancellationToken)
            : Task.CompletedTask;

    private long EarliestOfOwn(ImportBatch batch)
    {
        var earliest = long.MaxValue;
        foreach (var row in batch.Rows)
            if (row.Time < earliest && row.Time >= Floor)
                earliest = row.Time;
        return earliest;
    }

    private async Task<bool> MakeAsync(NpgsqlConnection connection, long since, CancellationToken cancellationToken)
    {
        var before = Made.Count;
        await using (var command = connection.CreateCommand())
        {
            command.CommandTimeout = 0;
            command.CommandText = Sql(_session.Prefix);
            command.Parameters.With(_period).With(PostgresTime.ToTime(since)).With(AtOnce);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                Made.Add(reader.GetString(0));
        }

        _start = await StartAsync(connection, cancellationToken);
        if (since >= _start)
            return false;
        if (Made.Count > before)
            return true;
        LogMessages.HistoryLeftInHead(
            _session.Logger, PostgresTime.ToTime(since), "mt_events_head holds many events of that time already");
        Floor = _start;
        return false;
    }

    private async Task<long> StartAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"SELECT h.upper_bound FROM {_session.Prefix}mt_partitions() h WHERE h.kind = 'head'";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Time(reader, 0);
    }

    private static long Time(NpgsqlDataReader reader, int column) =>
        PostgresTime.From(reader.GetFieldValue<DateTimeOffset>(column));
}
