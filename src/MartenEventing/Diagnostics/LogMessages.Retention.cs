using Microsoft.Extensions.Logging;

namespace MartenEventing.Diagnostics;

internal static partial class LogMessages
{
    [LoggerMessage(70, LogLevel.Warning, "Schema {Schema}: {Partition} is kept, and all after it: {Reason}. {WayOut}")]
    public static partial void RetentionGated(
        ILogger logger, string schema, string? partition, string reason, string wayOut);
}
