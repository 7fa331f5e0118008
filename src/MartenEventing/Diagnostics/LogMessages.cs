using Microsoft.Extensions.Logging;

namespace MartenEventing.Diagnostics;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "Applied {Migration} to schema {Schema}")]
    public static partial void MigrationApplied(ILogger logger, string migration, string schema);

    [LoggerMessage(2, LogLevel.Warning,
        "Schema {Schema} was set up by a newer version of MartenEventing ({Migration} is unknown here): left as it is")]
    public static partial void DatabaseIsNewer(ILogger logger, string schema, string migration);

    [LoggerMessage(10, LogLevel.Warning, "Retry {Attempt} of an event store call in {Delay}: {Fault}")]
    public static partial void TransientFault(ILogger logger, int attempt, TimeSpan delay, string fault);
}
