namespace MartenEventing.Tests.Security;

/// <summary>
/// A schema <c>evil</c> with operators, functions and types named as those of PostgreSQL, that fit better than
/// PostgreSQL's where anything fits better. Each notes in <c>evil.called</c> that it was called.
/// </summary>
internal static class HostilePath
{
    private static readonly string[] Types =
        ["bigint", "integer", "text", "name", "varchar", "uuid", "timestamptz", "interval", "oid", "regclass", "boolean"];

    public static string[] Statements { get; } = [.. Build()];

    private static IEnumerable<string> Build()
    {
        yield return "CREATE TABLE evil.called (what text)";
        yield return "GRANT ALL ON SCHEMA evil TO PUBLIC";
        yield return "GRANT ALL ON evil.called TO PUBLIC";
        var number = 0;
        foreach (var (left, right) in Pairs())
        {
            foreach (var (name, result) in ((string, string)[])[
                         ("=", "boolean"), ("<>", "boolean"), ("<", "boolean"), ("<=", "boolean"), (">", "boolean"),
                         (">=", "boolean"), ("||", "text"), ("+", left), ("-", left)])
            {
                var function = $"evil.f_{number++}";
                yield return $"CREATE FUNCTION {function}({left}, {right}) RETURNS {result} LANGUAGE plpgsql AS $$ BEGIN "
                    + $"INSERT INTO evil.called VALUES ('{left} {name} {right}'); RETURN NULL; END $$";
                yield return $"CREATE OPERATOR evil.{name} (leftarg = {left}, rightarg = {right}, function = {function})";
            }
        }

        foreach (var signature in (string[])[
                     "now() RETURNS timestamptz", "current_setting(text, boolean) RETURNS text",
                     "set_config(text, text, boolean) RETURNS text", "pg_trigger_depth() RETURNS integer",
                     "pg_current_xact_id() RETURNS xid8", "length(varchar) RETURNS integer", "nextval(oid) RETURNS bigint",
                     "has_sequence_privilege(regclass, text) RETURNS boolean", "int8eq(bigint, bigint) RETURNS boolean",
                     "pg_sequence_last_value(regclass) RETURNS bigint", "cardinality(uuid[]) RETURNS integer",
                     "format(text, name) RETURNS text", "starts_with(name, text) RETURNS boolean"])
            yield return $"CREATE FUNCTION evil.{signature} LANGUAGE plpgsql AS $$ BEGIN "
                + $"INSERT INTO evil.called VALUES ('{signature}'); RETURN NULL; END $$";
        foreach (var type in (string[])["text", "timestamptz", "regclass", "uuid", "jsonb", "oid"])
        {
            yield return $"CREATE FUNCTION evil.check_{type}(pg_catalog.{type}) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
                + $"INSERT INTO evil.called VALUES ('type {type}'); RETURN true; END $$";
            yield return $"CREATE DOMAIN pg_temp.{type} AS pg_catalog.{type} CHECK (evil.check_{type}(VALUE))";
        }
    }

    private static IEnumerable<(string Left, string Right)> Pairs() =>
    [
        .. Types.Select(type => (type, type)),
        ("bigint", "integer"), ("bigint", "text"), ("text", "bigint"), ("text", "uuid"), ("text", "varchar"),
        ("varchar", "text"), ("timestamptz", "interval"), ("uuid", "text"), ("name", "text"), ("text", "name"),
        ("oid", "regclass"), ("regclass", "oid"), ("integer", "text"), ("text", "integer"),
    ];
}
