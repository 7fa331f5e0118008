using Microsoft.Extensions.Logging;

namespace MartenEventing.Diagnostics;

internal static partial class LogMessages
{
    [LoggerMessage(20, LogLevel.Debug, "Schema {Schema} is being maintained by another process: nothing done")]
    public static partial void MaintainedElsewhere(ILogger logger, string schema);

    [LoggerMessage(21, LogLevel.Debug, "Schema {Schema}: {Step}")]
    public static partial void StepStarts(ILogger logger, string schema, string step);

    [LoggerMessage(22, LogLevel.Information,
        "Schema {Schema}: a lock for {Target} was not to be had within {LockTimeout}, attempt " +
        "{Attempt}; held by {Holders}")]
    public static partial void LockNotHad(
        ILogger logger, string schema, string target, TimeSpan lockTimeout, int attempt, string holders);

    [LoggerMessage(23, LogLevel.Warning,
        "Schema {Schema}: left to the next pass: {Step} (SQLSTATE {SqlState}); held by {Holders}")]
    public static partial void StepGaveWay(
        ILogger logger, string schema, string step, string? sqlState, string holders);

    [LoggerMessage(25, LogLevel.Information, "Schema {Schema}: waits for {Holders}")]
    public static partial void StepWaits(ILogger logger, string schema, string holders);

    [LoggerMessage(24, LogLevel.Error, "Schema {Schema}: failed: {Step}")]
    public static partial void StepFailed(ILogger logger, Exception error, string schema, string step);
}
