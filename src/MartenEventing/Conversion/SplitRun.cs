using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>Cuts the head into periods, batch by batch.</summary>
internal sealed class SplitRun(PoliteSession session, ConversionOptions options, TimeProvider time)
{
    public const int MostPeriods = 240;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Leftovers.DropAsync(session, cancellationToken);
        await session.RunAsync(
            AttachSteps.Time, AttachSteps.CreateTime(session.Schema, "mt_events_head"), cancellationToken);
        if (await FloorAsync(cancellationToken) is not { } floor)
            return;
        var left = await session.ReadAsync<long>(
            $"SELECT count(*) FROM {session.Schema}mt_events_head WHERE timestamp >= {SqlText.Literal(floor)}",
            cancellationToken);
        var meter = new BatchMeter(session, AttachSteps.Split, left, time);
        var batch = new BatchSize(options.BatchSize, options.BatchPause);
        while (true)
        {
            var (row, took) = await SplitAsync(batch.Next, floor, cancellationToken);
            if (row[0] is null)
                break;
            meter.Add((long)row[1]!);
            batch.Learn((TimeSpan)row[3]!);
            await session.RestAsync(took, options.BatchShare, cancellationToken);
        }

        await session.RunAsync(AttachSteps.Analyze, $"ANALYZE {session.Schema}mt_events", cancellationToken);
    }

    private async Task<(object?[] Row, TimeSpan Duration)> SplitAsync(
        int batch, DateTimeOffset floor, CancellationToken cancellationToken)
    {
        try
        {
            return await session.LockAsync(
                AttachSteps.Split, _ => AttachSteps.SplitHead(session.Schema, options, batch, floor),
                cancellationToken);
        }
        catch (PostgresException error) when (error.ConstraintName == "mt_lock_space")
        {
            throw new ConversionStateException(
                session.SchemaName, ConversionState.Attached,
                $"splitting stops here, what is older stays in the head: {error.MessageText}. {error.Hint}");
        }
    }

    /// <summary>The start of the oldest period to be cut; null when the head is empty.</summary>
    private async Task<DateTimeOffset?> FloorAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT min(h.timestamp) FILTER (WHERE isfinite(h.timestamp) AND h.timestamp >= '0001-01-01 00:00:00Z'),
                    (SELECT p.upper_bound FROM {session.Schema}mt_partitions() p WHERE p.kind = 'head')
               FROM {session.Schema}mt_events_head h
             """, session.Connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.IsDBNull(0))
            return null;
        var oldest = PartitionCalendar.StartOf(reader.GetFieldValue<DateTimeOffset>(0), options.Period);
        var upper = reader.GetFieldValue<DateTimeOffset>(1);
        var furthest = PartitionCalendar.Add(
            PartitionCalendar.StartOf(upper.AddTicks(-10), options.Period), options.Period, 1 - MostPeriods);
        var asked = options.SplitSince is { } since ? PartitionCalendar.StartOf(since, options.Period) : oldest;
        return new[] { oldest, furthest, asked }.Max();
    }
}
