using System.Data.Common;
using Npgsql;

namespace MartenEventing.Cli;

/// <summary>
/// Connection strings as people give them, and as they are shown: never with a word of what may be a password.
/// </summary>
internal static class ConnectionText
{
    private const string Hidden = "********";

    /// <summary>Reads one.</summary>
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static NpgsqlConnectionStringBuilder Read(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            // What Npgsql says of it quotes it, and the name that it does not know may be the end of a password.
            throw new UsageException(
                $"The connection string cannot be read: {WhatIsUnderstood(text)} It looks like this: "
                + "\"Host=localhost;Database=shop;Username=me;Password=secret\". A value with a semicolon, a quotation "
                + "mark or an equals sign goes into quotation marks: Password='se;cret'.");
        }
    }

    /// <summary>The same without its password, for the screen.</summary>
    public static string WithoutPassword(string text)
    {
        var shown = new NpgsqlConnectionStringBuilder(text);
        if (!string.IsNullOrEmpty(shown.Password))
            shown.Password = Hidden;
        return shown.ConnectionString;
    }

    private static string WhatIsUnderstood(string text)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            return "it is no list of Name=Value with semicolons between.";
        }

        var known = parts.Keys.Cast<string>().Where(name => IsUnderstood(name, parts[name])).ToList();
        return (known.Count == 0 ? "nothing of it is" : $"only {string.Join(", ", known)} of it are")
            + " understood; the rest is no option of Npgsql's, or its value does not fit, and is not shown.";
    }

    private static bool IsUnderstood(string name, object value)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder { [name] = value } is not null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }
}
