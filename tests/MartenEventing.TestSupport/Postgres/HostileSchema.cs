using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>
/// A schema that the search_path of a database names before PostgreSQL's own: it has every function and operator of
/// PostgreSQL's that can be copied, better matches for calls with names and varchars, aggregates, and domains that
/// bear the names of types. Each counts that it was run, and fails.
/// </summary>
public static class HostileSchema
{
    /// <summary>
    /// Behind a connection string: spares Npgsql's own look at the types, which does not qualify names.
    /// </summary>
    public const string WithoutTypeLoading = ";Server Compatibility Mode=NoTypeLoading";

    private const string Sql =
        """
        CREATE SCHEMA hostile;
        GRANT USAGE ON SCHEMA hostile TO PUBLIC;
        CREATE SEQUENCE hostile.runs;
        GRANT ALL ON SEQUENCE hostile.runs TO PUBLIC;
        SET client_min_messages = warning;
        DO $create$
        DECLARE
            body text := $body$ BEGIN
                PERFORM pg_catalog.nextval('hostile.runs'::pg_catalog.regclass);
                RAISE EXCEPTION 'hostile function ran: %', '<name>';
            END $body$;
            item record;
        BEGIN
            FOR item IN
                SELECT p.proname AS name, pg_get_function_identity_arguments(p.oid) AS args,
                       pg_get_function_result(p.oid) AS result
                  FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f'
                   AND p.proname NOT IN ('version', 'pg_advisory_unlock_all') -- which Npgsql calls by itself
                   AND p.proname !~ '^(binary|ri|RI|bt|hash|gin|gist|brin|spg|array_typ|int[248]|float|numeric|json|'
                                      'xml|ts|text_)'
                 UNION ALL VALUES
                    ('starts_with', 'name, text', 'boolean'), ('quote_ident', 'name', 'text'),
                    ('quote_ident', 'varchar', 'text'),
                    ('format', 'text, text', 'text'), ('format', 'text, name', 'text'),
                    ('format', 'text, regclass', 'text'),
                    ('format', 'text, text, text', 'text'), ('format', 'text, regclass, text', 'text'),
                    ('concat', 'text, text', 'text'), ('lower', 'varchar', 'text'), ('length', 'varchar', 'integer'),
                    ('same', 'name, text', 'boolean'), ('same', 'varchar, varchar', 'boolean'),
                    ('same', 'varchar, text', 'boolean'), ('same', 'text, name', 'boolean'),
                    ('same', 'name, name', 'boolean'),
                    ('both', 'varchar, text', 'text'), ('both', 'text, varchar', 'text'),
                    ('both', 'name, text', 'text'),
                    ('counting', 'bigint', 'bigint'), ('counting', 'bigint, "any"', 'bigint'),
                    ('greatest_of', 'bigint, bigint', 'bigint'),
                    ('greatest_of', 'timestamptz, timestamptz', 'timestamptz'),
                    ('greatest_of', 'text, text', 'text'), ('greatest_of', 'text, text, text', 'text'),
                    ('intrude', '', 'boolean') LOOP
                BEGIN
                    EXECUTE format('CREATE FUNCTION hostile.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L',
                                   item.name, item.args, item.result, replace(body, '<name>', item.name));
                EXCEPTION WHEN OTHERS THEN
                    NULL; -- of a pseudo-type
                END;
            END LOOP;
            FOR item IN
                SELECT o.oprname AS name, p.proname AS called, o.oprleft::regtype AS l, o.oprright::regtype AS r
                  FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
                 WHERE o.oprnamespace = 'pg_catalog'::regnamespace AND o.oprleft <> 0
                 UNION ALL SELECT '=', 'same', l::regtype, r::regtype
                  FROM (VALUES ('name', 'text'), ('varchar', 'varchar'), ('varchar', 'text'), ('text', 'name'),
                      ('name', 'name')) v (l, r)
                 UNION ALL SELECT '||', 'both', l::regtype, r::regtype
                  FROM (VALUES ('varchar', 'text'), ('text', 'varchar'), ('name', 'text')) v (l, r) LOOP
                BEGIN
                    IF to_regprocedure(format('hostile.%I(%s, %s)', item.called, item.l, item.r)) IS NULL THEN
                        EXECUTE format('CREATE FUNCTION hostile.%I(%s, %s) RETURNS %s LANGUAGE plpgsql AS %L',
                            item.called, item.l, item.r,
                            (SELECT o.oprresult::regtype FROM pg_operator o WHERE o.oprname = item.name
                                AND o.oprleft = item.l AND o.oprright = item.r
                                    AND o.oprnamespace = 'pg_catalog'::regnamespace),
                            replace(body, '<name>', item.name));
                    END IF;
                    EXECUTE format('CREATE OPERATOR hostile.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = hostile.%I)',
                                   item.name, item.l, item.r, item.called);
                EXCEPTION WHEN OTHERS THEN
                    NULL;
                END;
            END LOOP;
            FOR item IN SELECT t.typname AS name FROM pg_type t
                         WHERE t.typname IN ('text', 'regclass', 'regtype', 'regproc', 'regnamespace', 'regrole',
                             'uuid', 'jsonb',
                                             'oid', 'name', 'timestamptz', 'int8', 'int4', 'xid', 'xid8')
                           AND t.typnamespace = 'pg_catalog'::regnamespace LOOP
                EXECUTE format('CREATE DOMAIN hostile.%I AS pg_catalog.%I CHECK (hostile.intrude())', item.name,
                    item.name);
            END LOOP;
        END
        $create$;
        CREATE AGGREGATE hostile.count(*) (sfunc = hostile.counting, stype = bigint, initcond = '0');
        CREATE AGGREGATE hostile.max(bigint) (sfunc = hostile.greatest_of, stype = bigint, initcond = '0');
        CREATE AGGREGATE hostile.min(bigint) (sfunc = hostile.greatest_of, stype = bigint, initcond = '0');
        CREATE AGGREGATE hostile.sum(bigint) (sfunc = hostile.greatest_of, stype = bigint, initcond = '0');
        CREATE AGGREGATE hostile.max(text) (sfunc = hostile.greatest_of, stype = text, initcond = '');
        CREATE AGGREGATE hostile.max(timestamptz) (sfunc = hostile.greatest_of, stype = timestamptz,
            initcond = 'epoch');
        CREATE AGGREGATE hostile.min(timestamptz) (sfunc = hostile.greatest_of, stype = timestamptz,
            initcond = 'epoch');
        CREATE AGGREGATE hostile.string_agg(text, text) (sfunc = hostile.greatest_of, stype = text, initcond = '');
        DO $path$ BEGIN
            EXECUTE format('ALTER DATABASE %I SET search_path = hostile, pg_catalog, public', current_database());
        END $path$;
        RESET client_min_messages;
        """;

    /// <summary>Whoever connects from now on has it in front.</summary>
    public static async Task CreateAsync(NpgsqlDataSource dataSource)
    {
        await using var command = dataSource.CreateCommand(Sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
        dataSource.Clear();
    }

    /// <summary>Connections that have it in front.</summary>
    public static NpgsqlDataSource Visit(string connectionString) =>
        NpgsqlDataSource.Create(connectionString + WithoutTypeLoading);

    /// <summary>How many of its functions there are: so that it is seen to be there.</summary>
    public static Task<long> SizeAsync(NpgsqlDataSource dataSource) => ReadAsync(
        dataSource,
        """
        SELECT pg_catalog.count(*) FROM pg_catalog.pg_proc p
         WHERE p.pronamespace OPERATOR(pg_catalog.=) 'hostile'::pg_catalog.regnamespace
        """);

    /// <summary>How often any of it was run.</summary>
    public static Task<long> RunsAsync(NpgsqlDataSource dataSource) =>
        ReadAsync(dataSource, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM hostile.runs");

    private static async Task<long> ReadAsync(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
