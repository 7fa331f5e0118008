using Microsoft.Extensions.Logging;

namespace MartenEventing.LocalPostgres;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Debug, "PostgreSQL {Version} found in {Directory}")]
    public static partial void BinariesFound(ILogger logger, Version version, string directory);

    [LoggerMessage(2, LogLevel.Information, "PostgreSQL {Version} runs on port {Port} with its data in {Directory}")]
    public static partial void Started(ILogger logger, Version version, int port, string directory);

    [LoggerMessage(3, LogLevel.Information, "Port {Port} is taken, trying another")]
    public static partial void PortTaken(ILogger logger, int port);

    [LoggerMessage(4, LogLevel.Warning, "Removed a stale postmaster.pid in {Directory}: {ProcessId} is no server")]
    public static partial void StalePostmasterFile(ILogger logger, string directory, int processId);

    [LoggerMessage(5, LogLevel.Information, "Removed the server that a dead process left in {Directory}")]
    public static partial void LeftoverRemoved(ILogger logger, string directory);

    [LoggerMessage(6, LogLevel.Information, "Fetching {Package} through npm")]
    public static partial void Fetching(ILogger logger, string package);

    [LoggerMessage(7, LogLevel.Information, "Waiting for the server (process {ProcessId}), which is {State}")]
    public static partial void Waiting(ILogger logger, int processId, string state);
}
