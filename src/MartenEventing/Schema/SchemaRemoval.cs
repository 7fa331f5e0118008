using Npgsql;

namespace MartenEventing.Schema;

/// <summary>
/// Takes out of a plain store what a conversion has brought to it: functions, views, tables of this library, history.
/// </summary>
internal sealed class SchemaRemoval(NpgsqlConnection connection, SchemaOptions options)
{
    private const string History = "mt_migrations";

    /// <summary>Tables whose rows tell nothing that is to be kept.</summary>
    private static readonly string[] AlwaysFilled = ["mt_conversion", History, "mt_legal_holds_turn"];

    /// <summary>
    /// Removes all of it in one transaction, but for tables that have held rows, which tell of what was done meanwhile.
    /// False, and nothing has changed, when there is nothing that a conversion has brought, or something that is not
    /// ours depends on it.
    /// </summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var history = new MigrationHistory(connection, options);
        await using var transaction = await history.BeginAsync(cancellationToken);
        var statements = await ReadAsync(cancellationToken);
        try
        {
            foreach (var statement in statements)
                await history.ExecuteAsync(statement, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.DependentObjectsStillExist)
        {
            await transaction.RollbackAsync(cancellationToken);
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return statements.Count > 0;
    }

    /// <summary>
    /// Gives the statements: views and triggers first, all functions at once, then the tables, that of the state among
    /// the last. None where, before the first conversion began, a file of this library had been applied that makes a
    /// store.
    /// </summary>
    public static string Statements(SchemaOptions options)
    {
        var schema = SqlText.Quote(options.SchemaName);
        var space = $"{SqlText.Literal(schema)}::regnamespace";
        var objects = Names(Migration.StepsOf(options).SelectMany(step => step)
            .Where(file => file.Kind == MigrationKind.Repeatable).Select(file => file.ObjectName).Append(History));
        return $"""
            SELECT s.statement FROM (
                SELECT 1, 'DROP VIEW ' || string_agg(c.oid::regclass::text, ', ') FROM pg_class c
                 WHERE c.relnamespace = {space} AND c.relkind = 'v' AND c.relname = ANY ({objects})
                UNION ALL
                SELECT 1, format('DROP TRIGGER %I ON %s', t.tgname, c.oid::regclass) FROM pg_class c
                  JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal
                 WHERE c.relnamespace = {space} AND c.relkind = 'r' AND c.relname = ANY ({objects})
                UNION ALL
                SELECT 2, 'DROP FUNCTION ' || string_agg(p.oid::regprocedure::text, ', ') FROM pg_proc p
                 WHERE p.pronamespace = {space} AND p.proname = ANY ({objects})
                UNION ALL
                SELECT 3, 'DROP TABLE ' || c.oid::regclass FROM pg_class c
                 WHERE c.relnamespace = {space} AND c.relkind = 'r' AND c.relname = ANY ({objects})
                   AND (c.relname = ANY ({Names(AlwaysFilled)}) OR pg_relation_size(c.oid) = 0)
            ) AS s (turn, statement) WHERE s.statement IS NOT NULL AND NOT EXISTS (
                SELECT FROM {schema}.mt_migrations m WHERE m.kind = 'versioned'
                   AND m.applied < (SELECT min(c.started) FROM {schema}.mt_conversion c)) ORDER BY s.turn
            """;
    }

    private static string Names(IEnumerable<string> names) =>
        $"ARRAY[{string.Join(", ", names.Select(name => $"'{name}'"))}]::name[]";

    private async Task<List<string>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Statements(options), connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var statements = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            statements.Add(reader.GetString(0));
        return statements;
    }
}
