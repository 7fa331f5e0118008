using System.Globalization;
using MartenEventing.PartitionArchive.Writing;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.Politeness;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MartenEventing.PartitionArchive.Restoring;

/// <summary>The short transactions by which loaded events take their place, politely.</summary>
internal sealed class BringBack(
    PinnedConnection session, string schemaName, PartitionOptions options, TimeProvider time, ILogger logger,
    Func<string, StepMoment, Task>? observer)
{
    private const string StreamClash = "MT010";

    private readonly string _schema = SqlText.Quote(schemaName) + ".";

    private readonly PoliteSession _session = new(session, schemaName, options.LockPatience, time, logger)
    {
        Observer = observer,
        Next = "What was loaded stays: the same restore goes on from here.",
    };

    /// <summary>Cuts a partition of the archive's period out of the head, if the head holds that time.</summary>
    public async Task ProvideAsync(ArchiveManifest manifest, CancellationToken cancellationToken)
    {
        if (manifest.From is null || manifest.To is null)
            return;
        await _session.LockAsync("provide", _ => ProvisionSql(manifest), cancellationToken, harmless: true);
    }

    public string ProvisionSql(ArchiveManifest manifest) =>
        $"""
         SELECT {_schema}mt_provision_history(p.period, {From(manifest)})
           FROM unnest(ARRAY['day', 'week', 'month', 'quarter', 'year']) p (period), {_schema}mt_partitions() h
          WHERE {_schema}mt_period_start({From(manifest)}, p.period) = {From(manifest)}
            AND {_schema}mt_period_add({From(manifest)}, p.period, 1) = {To(manifest)}
            AND h.kind = 'head' AND h.upper_bound > {From(manifest)}
         """;

    public string BringBackSql(ArchiveManifest manifest, string stage, string streams) =>
        $"""
         SELECT target, events, new_streams FROM {_schema}mt_bring_back({Name(stage)}, {Name(streams)},
             {From(manifest)}, {To(manifest)},
             {(manifest.Tenant is null && manifest.Redactions.Count == 0 ? "true" : "false")})
         """;

    public static string Bounds(ArchiveManifest manifest) => $"{From(manifest)}, {To(manifest)}";

    /// <summary>
    /// The rows of another table that belong to events or streams of the store, where there are none yet.
    /// </summary>
    public string RowsSql(ArchiveManifest manifest, StagedTable table, EventTenancy tenancy)
    {
        var target = _schema + SqlText.Quote(table.Source.Name);
        var columns = string.Join(", ", table.ColumnNames.Select(SqlText.Quote));
        var stream = table.Source.Columns.Any(column => column.Name == "stream_key") ? "stream_key" : "stream_id";
        var tenant = tenancy == EventTenancy.Conjoined ? " AND s.tenant_id = t.tenant_id" : "";
        var owner = table.Source.Role == ArchiveRole.Tags
            ? $"mt_events e WHERE e.seq_id = t.seq_id AND e.timestamp >= {From(manifest)} "
                + $"AND e.timestamp <= {To(manifest)}{OfTenant(manifest)}"
            : $"mt_streams s WHERE s.id = t.{stream}{tenant}";
        return $"INSERT INTO {target} ({columns}) SELECT {columns} FROM {_schema}{SqlText.Quote(table.Target)} t "
            + $"WHERE EXISTS (SELECT FROM {_schema}{owner}) ON CONFLICT DO NOTHING";
    }

    private static string OfTenant(ArchiveManifest manifest) => manifest.Tenant is { } tenant
        ? $" AND e.tenant_id = {SqlText.Literal(tenant)}"
        : "";

    /// <summary>Brings all back, in one transaction.</summary>
    /// <exception cref="ArchiveConflictException">A stream goes on otherwise than it was archived.</exception>
    /// <exception cref="GaveUpWaitingException">Others kept the locks that it takes.</exception>
    public async Task<RestoreReport> RunAsync(
        ArchiveManifest manifest, IReadOnlyList<StagedTable> tables, EventTenancy tenancy,
        CancellationToken cancellationToken)
    {
        try
        {
            var (report, _) = await _session.TransactAsync(
                "bring back", (_, token) => BringBackAsync(manifest, tables, tenancy, token), cancellationToken,
                harmless: true);
            return report;
        }
        catch (PostgresException error) when (error.SqlState == StreamClash)
        {
            throw new ArchiveConflictException(manifest.Name, error.MessageText, error);
        }
    }

    private static string Time(DateTimeOffset? at, string open) => at is { } given
        ? string.Create(
            CultureInfo.InvariantCulture, $"timestamptz '{given.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'")
        : $"timestamptz '{open}'";

    private static string From(ArchiveManifest manifest) => Time(manifest.From, "-infinity");

    private static string To(ArchiveManifest manifest) => Time(manifest.To, "infinity");

    private string Name(string table) =>
        $"'{(_schema + SqlText.Quote(table)).Replace("'", "''", StringComparison.Ordinal)}'::regclass";

    private async Task<RestoreReport> BringBackAsync(
        ArchiveManifest manifest, IReadOnlyList<StagedTable> tables, EventTenancy tenancy,
        CancellationToken cancellationToken)
    {
        var report = await BringBackAsync(manifest, tables, cancellationToken);
        var remarks = new List<string>();
        foreach (var table in tables.Skip(2))
        {
            await ExecuteAsync(RowsSql(manifest, table, tenancy), cancellationToken);
            var left = await ExecuteAsync(LeftSql(table), cancellationToken);
            if (left is long and > 0)
                remarks.Add($"{left} rows of {table.Source.Name} were not brought back: others have taken their keys");
            await ExecuteAsync($"DROP TABLE {_schema}{SqlText.Quote(table.Target)}", cancellationToken);
        }

        return report with { Remarks = remarks };
    }

    private string LeftSql(StagedTable table)
    {
        var columns = string.Join(", ", table.ColumnNames.Select(SqlText.Quote));
        return $"SELECT count(*) FROM (SELECT {columns} FROM {_schema}{SqlText.Quote(table.Target)} "
            + $"EXCEPT SELECT {columns} FROM {_schema}{SqlText.Quote(table.Source.Name)}) t";
    }

    private async Task<RestoreReport> BringBackAsync(
        ArchiveManifest manifest, IReadOnlyList<StagedTable> tables, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            BringBackSql(manifest, tables[0].Target, tables[1].Target), session.Connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new RestoreReport
        {
            Archive = manifest.Name,
            Target = reader.GetString(0),
            Events = reader.GetInt64(1),
            EventsThere = manifest.Events - reader.GetInt64(1),
            NewStreams = reader.GetInt64(2),
        };
    }

    private async Task<object?> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, session.Connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
