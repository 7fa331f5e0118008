using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>
/// Who reads by a snapshot so old that what was committed before a moment may be invisible to it: in the copy of a table such
/// a reader would miss rows that it would have found in the table.
/// </summary>
internal static class SnapshotHolders
{
    private const string Query =
        """
        SELECT string_agg(format('process %s (%s, its snapshot)', a.pid,
                                 coalesce(nullif(a.application_name, ''), a.backend_type, 'of another role')), ', ')
          FROM pg_catalog.pg_stat_activity a
         WHERE a.datid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = current_database())
           AND coalesce(a.backend_type, 'client backend') = 'client backend' AND a.pid <> pg_backend_pid()
           AND age(a.backend_xmin) >= age($1::xid8::xid)
        """;

    /// <summary>Their description; null when there are none.</summary>
    /// <param name="connection">A connection to the store's database.</param>
    /// <param name="moment">The id of a transaction that was given at the moment.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<string?> FindAsync(
        NpgsqlConnection connection, string moment, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.AddWithValue(moment);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }
}
