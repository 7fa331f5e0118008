using Npgsql;

namespace MartenEventing.Events.Connecting;

/// <summary>Tells faults apart, by SQLSTATE.</summary>
internal static class Faults
{
    /// <summary>
    /// What passes by itself: a lost connection, a restart, a deadlock, a serialization failure. Not a timeout.
    /// </summary>
    public static bool IsTransient(Exception? error) =>
        error is NpgsqlException { IsTransient: true, InnerException: not TimeoutException };

    public static bool IsSchemaIncomplete(PostgresException error) => error.SqlState is
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction
        or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidSchemaName;

    /// <summary>
    /// A version of a stream that is taken already: the constraints that Marten, too, reads as a conflict.
    /// </summary>
    public static bool IsVersionTaken(PostgresException error) =>
        error.SqlState == PostgresErrorCodes.UniqueViolation
        && error.ConstraintName is { } name
        && (name == "pk_mt_events_stream_and_version"
            || name.StartsWith("mt_events", StringComparison.Ordinal)
            && name.Contains("stream_id_version", StringComparison.Ordinal)
            && name.EndsWith("_idx", StringComparison.Ordinal));
}
