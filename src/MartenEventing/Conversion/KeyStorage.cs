using Npgsql;

namespace MartenEventing.Conversion;

/// <summary>How and where a primary key is stored: the one that takes its place is stored alike.</summary>
internal static class KeyStorage
{
    /// <summary>
    /// Reads it as the end of a CREATE INDEX. The tablespace is named wherever the session would choose another by
    /// itself.
    /// </summary>
    /// <param name="connection">A connection to the store's database.</param>
    /// <param name="table">The table, with its schema, as it is written in SQL.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<string> ReadAsync(
        NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT concat(' WITH (' || (SELECT string_agg(format('%s = %L', split_part(o, '=', 1),
                                                                  substr(o, strpos(o, '=') + 1)), ', ')
                                           FROM unnest(c.reloptions) o) || ')',
                           ' TABLESPACE ' || CASE WHEN c.reltablespace <> 0
                                                    OR current_setting('default_tablespace') <> ''
                                                  THEN quote_ident(t.spcname) END)
               FROM pg_catalog.pg_index i
               JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
               JOIN pg_catalog.pg_database d ON d.datname = current_database()
               JOIN pg_catalog.pg_tablespace t ON t.oid = coalesce(nullif(c.reltablespace, 0), d.dattablespace)
              WHERE i.indisprimary AND i.indrelid = to_regclass({SqlText.Literal(table)})
              UNION ALL SELECT '' LIMIT 1
             """, connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
