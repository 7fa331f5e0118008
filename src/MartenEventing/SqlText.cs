using System.Globalization;

namespace MartenEventing;

/// <summary>Names and values as parts of a statement, where parameters cannot be.</summary>
public static class SqlText
{
    /// <summary>The name as an identifier in quotes.</summary>
    public static string Quote(string identifier) =>
        $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A literal that means the same whatever the session's settings are.</summary>
    public static string Literal(string text) =>
        "E'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";

    internal static string Literal(bool value) => value ? "true" : "false";

    /// <summary>
    /// A query that gives one row, run again and again, as a statement that psql runs: each time in a transaction of
    /// its own, and others get their share of the time.
    /// </summary>
    /// <param name="query">The query.</param>
    /// <param name="until">When it ends: a condition on the row, called batch.</param>
    /// <param name="share">The share of the time that it takes, above 0, at most 1.</param>
    internal static string Loop(string query, string until, double share = 1) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
         DO $$
         DECLARE
             batch record;
             began timestamptz;
         BEGIN
             LOOP
                 began := clock_timestamp();
                 SELECT * INTO batch FROM ({query}) b;
                 COMMIT;
                 EXIT WHEN {until};
                 PERFORM pg_sleep(extract(epoch FROM clock_timestamp() - began) * {(1 / share) - 1:0.##});
             END LOOP;
         END $$
         """);

    /// <summary>A statement that is an error where a query gives a row.</summary>
    /// <param name="query">The query.</param>
    /// <param name="message">What is wrong then; no quotes in it.</param>
    internal static string Refuse(string query, string message) =>
        $"""
         DO $$
         BEGIN
             IF EXISTS ({query}) THEN
                 RAISE EXCEPTION '{message}';
             END IF;
         END $$
         """;

    /// <summary>An instant, whatever the session's settings are.</summary>
    public static string Literal(DateTimeOffset at) =>
        string.Create(
            CultureInfo.InvariantCulture, $"'{at.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'::pg_catalog.timestamptz");
}
