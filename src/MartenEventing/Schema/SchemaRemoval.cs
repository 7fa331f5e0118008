using Npgsql;

namespace MartenEventing.Schema;

/// <summary>
/// Takes out of a plain store what this library has brought to it: functions, views, tables of its own, history.
/// </summary>
internal sealed class SchemaRemoval(NpgsqlConnection connection, SchemaOptions options)
{
    private const string History = "mt_migrations";

    /// <summary>Tables whose rows tell nothing that is to be kept.</summary>
    private static readonly string[] AlwaysFilled = ["mt_conversion", History, "mt_legal_holds_turn"];

    /// <summary>
    /// True when a conversion has brought it: before the first one began, no file of this library had been applied that
    /// makes a store.
    /// </summary>
    public async Task<bool> IsDueAsync(CancellationToken cancellationToken)
    {
        var schema = SqlText.Quote(options.SchemaName);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT NOT EXISTS (SELECT FROM {schema}.mt_migrations m WHERE m.kind = 'versioned'
                                   AND m.applied < (SELECT min(c.started) FROM {schema}.mt_conversion c))
             """, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Removes all of it in one transaction, but for tables that have held rows, which tell of what was done meanwhile.
    /// False, and nothing has changed, when something that is not ours depends on it.
    /// </summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var history = new MigrationHistory(connection, options);
        await using var transaction = await history.BeginAsync(cancellationToken);
        var files = Migration.StepsOf(options).SelectMany(step => step)
            .Where(file => file.Kind == MigrationKind.Repeatable).ToList();
        var objects = files.Select(file => file.ObjectName).Append(History).ToArray();
        try
        {
            foreach (var statement in await StatementsAsync(objects, cancellationToken))
            {
                await using var drop = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
                await drop.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.DependentObjectsStillExist)
        {
            await transaction.RollbackAsync(cancellationToken);
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>
    /// Views and triggers first, all functions at once, then the tables, that of the state among the last.
    /// </summary>
    private async Task<List<string>> StatementsAsync(string[] objects, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT s.statement FROM (
                SELECT 1, 'DROP VIEW ' || string_agg(c.oid::regclass::text, ', ') FROM pg_class c
                 WHERE c.relnamespace = quote_ident($1)::regnamespace AND c.relkind = 'v' AND c.relname = ANY ($2)
                UNION ALL
                SELECT 1, format('DROP TRIGGER %I ON %s', t.tgname, c.oid::regclass) FROM pg_class c
                  JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
                 WHERE c.relnamespace = quote_ident($1)::regnamespace AND c.relkind = 'r' AND c.relname = ANY ($2)
                UNION ALL
                SELECT 2, 'DROP FUNCTION ' || string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
                 WHERE p.pronamespace = quote_ident($1)::regnamespace AND p.proname = ANY ($2)
                UNION ALL
                SELECT 3, 'DROP TABLE ' || c.oid::regclass FROM pg_class c
                 WHERE c.relnamespace = quote_ident($1)::regnamespace AND c.relkind = 'r' AND c.relname = ANY ($2)
                   AND (c.relname = ANY ($3) OR pg_relation_size(c.oid) = 0)
            ) AS s (turn, statement) WHERE s.statement IS NOT NULL ORDER BY s.turn
            """, connection);
        command.Parameters.AddWithValue(options.SchemaName);
        command.Parameters.AddWithValue(objects);
        command.Parameters.AddWithValue(AlwaysFilled);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var statements = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            statements.Add(reader.GetString(0));
        return statements;
    }
}
