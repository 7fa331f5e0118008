using System.CommandLine;
using System.CommandLine.Parsing;

namespace MartenEventing.Cli;

/// <summary>Options that mean the same wherever they appear. A command adds those that it takes.</summary>
internal static class CommonOptions
{
    public static readonly Option<string?> Connection = new("--connection")
    {
        Description = "Npgsql connection string. Default: MARTEN_EVENTING_CONNECTION, else a private local server, "
            + "started when needed.",
        HelpName = "string",
        Recursive = true,
    };

    public static readonly Option<string> Schema = new("--schema")
    {
        Description = "Schema of the event store.",
        HelpName = "name",
        DefaultValueFactory = _ => "public",
        Recursive = true,
    };

    public static readonly Option<string?> Tenant = new("--tenant")
    {
        Description = "The tenant, where each has streams of its own (conjoined). Default: Marten's default tenant.",
        HelpName = "id",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Print the data as JSON." };

    public static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Show what would be done; change nothing.",
    };

    public static readonly Option<bool> ShowSql = new("--show-sql")
    {
        Description = "Show the SQL: what is run goes to stderr; with --dry-run what would be run, to stdout.",
    };

    public static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask." };

    /// <summary>An option whose values are the names of an enum in lower case.</summary>
    public static Option<T?> OneOf<T>(string name, string description) where T : struct, Enum
    {
        var allowed = Enum.GetValues<T>().ToDictionary(value => value.ToString().ToLowerInvariant());
        return new Option<T?>(name)
        {
            Description = description,
            HelpName = string.Join('|', allowed.Keys),
            CustomParser = result => Parse(result, name, allowed),
        };
    }

    private static T? Parse<T>(ArgumentResult result, string name, Dictionary<string, T> allowed) where T : struct, Enum
    {
        var given = result.Tokens.Single().Value;
        if (allowed.TryGetValue(given.ToLowerInvariant(), out var value))
            return value;
        result.AddError($"{name} is \"{given}\". Allowed: {string.Join(", ", allowed.Keys)}.");
        return null;
    }
}
