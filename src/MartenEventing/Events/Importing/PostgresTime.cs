namespace MartenEventing.Events.Importing;

/// <summary>Microseconds since 2000, UTC: the binary form of timestamptz.</summary>
internal static class PostgresTime
{
    private const long MicrosecondsTo2000 = 63_082_281_600_000_000;

    /// <summary>To the microsecond, rounded down.</summary>
    public static long From(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMicrosecond - MicrosecondsTo2000;

    public static DateTimeOffset ToTime(long microseconds) =>
        new((microseconds + MicrosecondsTo2000) * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
}
