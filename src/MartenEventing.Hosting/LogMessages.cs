using Microsoft.Extensions.Logging;

namespace MartenEventing.Hosting;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Error, "Schema {Schema} could not be maintained; next try in about {Interval}")]
    public static partial void PassFailed(ILogger logger, Exception error, string schema, TimeSpan interval);

    [LoggerMessage(2, LogLevel.Information,
        "Schema {Schema} maintained in {Duration}: {Created} partitions created, {Absorbed} absorbed, {Sealed} sealed, "
        + "{Undone} steps undone")]
    public static partial void PassDone(
        ILogger logger, string schema, TimeSpan duration, int created, int absorbed, int @sealed, int undone);

    [LoggerMessage(4, LogLevel.Information,
        "Schema {Schema}: retention removed {Partitions} partitions and {Streams} streams in {Duration}")]
    public static partial void RetentionDone(
        ILogger logger, string schema, TimeSpan duration, int partitions, long streams);

    [LoggerMessage(5, LogLevel.Error, "Schema {Schema}: retention failed; next try in about {Interval}")]
    public static partial void RetentionFailed(ILogger logger, Exception error, string schema, TimeSpan interval);

    [LoggerMessage(3, LogLevel.Warning, "Schema {Schema}: {Remark}")]
    public static partial void LayoutRemark(ILogger logger, string schema, string remark);
}
