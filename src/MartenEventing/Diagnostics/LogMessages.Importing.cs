using Microsoft.Extensions.Logging;

namespace MartenEventing.Diagnostics;

internal static partial class LogMessages
{
    [LoggerMessage(40, LogLevel.Warning,
        "Events from {Earliest} on get no partitions of their own and go into mt_events_head: {Reason}")]
    public static partial void HistoryLeftInHead(ILogger logger, DateTimeOffset earliest, string reason);
}
