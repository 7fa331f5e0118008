using Microsoft.Extensions.Logging;

namespace MartenEventing.Hosting;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Error, "Schema {Schema} could not be maintained; next try in about {Interval}")]
    public static partial void PassFailed(ILogger logger, Exception error, string schema, TimeSpan interval);
}
