using Microsoft.Extensions.Logging;

namespace MartenEventing.Marten;

internal static partial class LogMessages
{
    [LoggerMessage(90, LogLevel.Information,
        "Database {Database}: the connections prepare nothing; with \"Max Auto Prepare=50\" in the connection string "
        + "reading a stream takes about half of the server's time")]
    public static partial void NothingIsPrepared(ILogger logger, string database);
}
