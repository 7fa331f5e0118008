using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Retention;

/// <summary>Counts what a run would do, and changes nothing.</summary>
internal sealed class RetentionSurvey(
    NpgsqlDataSource dataSource, string schemaName, string? tenant, RetentionOptions options, bool isArchived)
{
    private readonly string _schema = SqlText.Quote(schemaName) + ".";

    public async Task<RetentionPlan> PlanAsync(
        RetentionVerdict verdict, IReadOnlyList<PartitionSize> sizes, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        string[] leaves = [.. verdict.Partitions];
        var request = RetentionRequest.Of(options, verdict, verdict.Floor);
        var gates = new List<RetentionGate>(verdict.Gates);
        await using var turn = await MaintenanceLock.TryTakeAsync(
            dataSource, schemaName, cancellationToken, toRead: true);
        await using var own = turn is null ? await PinnedConnection.OpenAsync(dataSource, cancellationToken) : null;
        var connection = turn?.Connection ?? own!.Connection;
        await TenantInHand.UseAsync(connection, schemaName, tenant, cancellationToken);
        gates.AddRange(
            await RetentionGates.FindAsync(connection, _schema, leaves, options.Cut, null, cancellationToken));
        // To count, streams are chosen in tables of the store, and forgotten again.
        var counts = turn is null || leaves.Length == 0
            || await PinnedConnection.IsStandbyAsync(connection, cancellationToken)
            ? []
            : await CountAsync(connection, leaves, request, cancellationToken);
        var head = counts.Values.FirstOrDefault(c => c.Place == 0);
        bool IsKept(string leaf) => !options.Cut && counts.GetValueOrDefault(leaf)?.Streams == 0;
        return new RetentionPlan
        {
            SchemaName = schemaName,
            At = now,
            Floor = verdict.Floor,
            Contributions = verdict.Contributions,
            Partitions = [.. sizes.Where(s => leaves.Contains(s.Partition.Name)).Select(s => Describe(s, counts))],
            RemovedFromHead = head?.Removed,
            StreamsFromHead = head?.Streams,
            Gates = gates,
            ProjectionFloors = await FloorsAsync(connection, cancellationToken),
            Unfinished = await UnfinishedAsync(connection, cancellationToken),
            Statements =
            [
                .. tenant is null || leaves.Length == 0 ? [] : (string[])[TenantInHand.Sql(schemaName, tenant)],
                .. leaves.SelectMany(leaf => RetentionSteps.For(
                    _schema, leaf, options, request, IsKept(leaf), isArchived)),
            ],
        };
    }

    private static RetentionPlanPartition Describe(PartitionSize size, Dictionary<string, Count> counts)
    {
        var count = counts.GetValueOrDefault(size.Partition.Name);
        return new RetentionPlanPartition(
            size.Partition.Name, size.Partition.From, size.Partition.To, size.TotalBytes,
            count?.Events ?? size.EventCount,
            count?.Removed, count?.Events - count?.Removed, count?.Streams)
        {
            Tenant = size.Partition.Tenant,
        };
    }

    private async Task<Dictionary<string, Count>> CountAsync(
        NpgsqlConnection connection, string[] leaves, RetentionRequest request, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT place, name, events, removed, streams
                    FROM {_schema}mt_preview_retention({request.Arguments(leaves)})
             """, connection) { CommandTimeout = 0 };
        var counts = new Dictionary<string, Count>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                counts[reader.GetString(1)] = new Count(
                    reader.GetInt32(0), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
        }

        await transaction.RollbackAsync(cancellationToken);
        return counts;
    }

    private async Task<IReadOnlyList<ProjectionFloor>> FloorsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT projection, begins_after FROM {_schema}mt_projection_progress()
              WHERE begins_after > 0 ORDER BY projection
             """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var floors = new List<ProjectionFloor>();
        while (await reader.ReadAsync(cancellationToken))
            floors.Add(new ProjectionFloor(reader.GetString(0), reader.GetInt64(1)));
        return floors;
    }

    private async Task<string?> UnfinishedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT format('run %s of %s is %s', id, coalesce(nullif(array_to_string(leaves, ', '), ''), 'streams'),
                    state)
               FROM {_schema}mt_retention_run WHERE state NOT IN ('done', 'abandoned')
             """, connection);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private sealed record Count(int Place, long Events, long Removed, long Streams);
}
