namespace MartenEventing.Maintenance;

/// <summary>What was written in one hour, by the timestamps of the events.</summary>
/// <param name="Hour">Its start, in UTC.</param>
/// <param name="EventCount">Events.</param>
/// <param name="StreamCount">Streams that had any.</param>
public sealed record HourlyActivity(DateTimeOffset Hour, long EventCount, long StreamCount);
