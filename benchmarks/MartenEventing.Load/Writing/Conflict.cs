using Npgsql;

namespace MartenEventing.Load.Writing;

internal static class Conflict
{
    /// <summary>
    /// True for what Marten turns into its concurrency exception: the event's version is taken, by the name of the
    /// index or, in a partition, by its shape; or a stream of that id has been begun meanwhile.
    /// </summary>
    public static bool IsLostStream(this PostgresException error) =>
        error.SqlState == PostgresErrorCodes.UniqueViolation
        && (error.ConstraintName is "pk_mt_events_stream_and_version" or "pkey_mt_streams_id"
            or "pkey_mt_streams_tenant_id_id"
            || (error.ConstraintName is { } name && name.StartsWith("mt_events", StringComparison.Ordinal)
                && name.Contains("stream_id_version", StringComparison.Ordinal)
                && name.EndsWith("_idx", StringComparison.Ordinal)));
}
