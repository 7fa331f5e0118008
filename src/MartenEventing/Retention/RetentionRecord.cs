using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using Npgsql;

namespace MartenEventing.Retention;

/// <summary>The run that is under way, as <c>mt_retention_run</c> has it.</summary>
internal sealed record RetentionRecord(
    long Id, string State, string[] Leaves, bool Fits, string Lsn, string? Archive, long Events, long Streams,
    long Carried,
    string? StaleArchive, bool IsOfWholeStreams, string? Tenant)
{
    /// <summary>The streams have been chosen, or more; nothing has been put in place yet.</summary>
    public bool IsPrepared => State is "chosen" or "copied";

    /// <summary>What stays has been put in place.</summary>
    public bool IsInPlace => State is "swapped" or "dropped";

    /// <summary>The run under way; null when there is none. It fits when it was begun for the same request.</summary>
    public static async Task<RetentionRecord?> FindAsync(
        PoliteSession session, RetentionRequest request, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT id, state, leaves, floor = {request.FloorSql} AND rules = {request.RulesSql}
                        AND cut = {(request.Cut ? "true" : "false")}
                        AND covered IS NOT DISTINCT FROM {request.CoveredSql},
                    lsn::text, archive ->> 'name', events, streams, carried,
                    archive ->> 'stale', NOT cut AND covered IS NULL, tenant
               FROM {session.Schema}mt_retention_run WHERE state NOT IN ('done', 'abandoned')
             """,
            session.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new RetentionRecord(
                reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<string[]>(2), reader.GetBoolean(3),
                reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetInt64(6),
                reader.GetInt64(7), reader.GetInt64(8), reader.IsDBNull(9) ? null : reader.GetString(9),
                reader.GetBoolean(10), reader.IsDBNull(11) ? null : reader.GetString(11))
            : null;
    }
}
