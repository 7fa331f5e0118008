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

    /// <summary>An instant, whatever the session's settings are.</summary>
    public static string Literal(DateTimeOffset at) =>
        string.Create(
            CultureInfo.InvariantCulture, $"'{at.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'::pg_catalog.timestamptz");
}
