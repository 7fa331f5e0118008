using MartenEventing.Partitioning;
using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>How far down the head is cut.</summary>
internal static class SplitFloor
{
    public const int MostPeriods = 240;

    /// <summary>The start of the oldest period to be cut; null when the head is empty.</summary>
    public static async Task<DateTimeOffset?> FindAsync(
        NpgsqlConnection connection, string schema, ConversionOptions options, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT (SELECT min(h.timestamp) FROM {schema}mt_events_head h
                      WHERE h.timestamp >= '0001-01-01 00:00:00Z' AND h.timestamp < 'infinity'),
                    (SELECT p.upper_bound FROM {schema}mt_partitions() p WHERE p.kind = 'head')
             """, connection) { CommandTimeout = 0 };
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
