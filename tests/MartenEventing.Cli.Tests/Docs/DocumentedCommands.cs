using System.CommandLine;
using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Docs;

/// <summary>The commands of the tool that pages name, as words behind the program's name.</summary>
internal static partial class DocumentedCommands
{
    private const string Tool = "marten-eventing ";
    private const string ToolFromSource = "dotnet run --project src/MartenEventing.Cli -c Release -- ";

    public static readonly RootCommand Tree =
        CommandTree.Build(new CliEnvironment { Out = TextWriter.Null, Error = TextWriter.Null });

    /// <summary>All commands below the root that have none below them, with the words that name them.</summary>
    public static IEnumerable<(string Path, Command Command)> Leaves() => Leaves("", Tree);

    /// <summary>Commands on lines of blocks of code: to be typed as they stand.</summary>
    public static IEnumerable<string[]> InBlocks(MarkdownPage page) =>
        from block in page.Blocks
        from line in block.Lines
        let text = line.Trim().Replace(ToolFromSource, Tool, StringComparison.Ordinal)
        where text.StartsWith(Tool, StringComparison.Ordinal)
        select Words(End().Split(text[Tool.Length..])[0]);

    /// <summary>
    /// Commands in backticks, which may leave out the program's name and what has to be given. What is written as
    /// <c>plan|start</c> counts as one command each.
    /// </summary>
    public static IEnumerable<string[]> InSpan(string span)
    {
        var named = span.Replace(ToolFromSource, Tool, StringComparison.Ordinal);
        var isTool = named.StartsWith(Tool, StringComparison.Ordinal);
        var words = Words(isTool ? named[Tool.Length..] : named);
        if (words is not [var first, ..] || words.Any(word => word.EndsWith(':')))
            return [];
        return isTool || (words.Length > 1 && IsNoun(first)) || IsMisspelt(words) ? Alternatives(words) : [];
    }

    /// <summary>The errors of a command line, but for those about what a page cannot know.</summary>
    public static IEnumerable<string> ErrorsOf(string[] words, bool abridged)
    {
        var result = Tree.Parse(words);
        var errors = result.Errors.Select(error => error.Message)
            .Where(error => !error.Contains("does not exist", StringComparison.OrdinalIgnoreCase));
        return abridged
            ? errors.Where(error => !error.StartsWith("Required ", StringComparison.Ordinal)
                && !error.EndsWith(" is required.", StringComparison.Ordinal)
                && !(error.StartsWith("Unrecognized", StringComparison.Ordinal) && IsOfAChild(result, words)))
            : errors;
    }

    /// <summary>The words, as a shell splits them; brackets around what may be left out go.</summary>
    private static string[] Words(string text) =>
    [
        .. Word().Matches(text).Select(word => word.Value.Replace("'", "", StringComparison.Ordinal)
            .Replace("\"", "", StringComparison.Ordinal)).Where(word => word != "..."),
    ];

    private static IEnumerable<string[]> Alternatives(string[] words)
    {
        var at = Array.FindIndex(words, word => Choice().IsMatch(word));
        return at < 0
            ? [words]
            : words[at].Split('|').SelectMany(choice => Alternatives([.. words[..at], choice, .. words[(at + 1)..]]));
    }

    /// <summary>`retention --archive` speaks of the commands below `retention` that have the option.</summary>
    private static bool IsOfAChild(ParseResult result, string[] words) =>
        result.CommandResult.Command is { Subcommands.Count: > 0 } noun
        && words.Where(word => word.StartsWith('-')).ToList() is { Count: > 0 } options
        && Leaves("", noun).Any(leaf => options.TrueForAll(option => OptionsOf(leaf.Command).Contains(option)));

    /// <summary>The names of the options that a command takes, those of every command included.</summary>
    public static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.Concat(Tree.Options).SelectMany(option => option.Aliases.Prepend(option.Name));

    private static bool IsNoun(string word) => Tree.Subcommands.Any(command => command.Name == word);

    /// <summary>A verb of ours behind a word that is no noun of ours.</summary>
    private static bool IsMisspelt(string[] words) =>
        words is [var first, var second, ..] && LowerCase().IsMatch(first) && first is not ("git" or "dotnet")
        && Leaves().Any(leaf => leaf.Path.Split(' ') is [_, var verb] && verb == second);

    private static IEnumerable<(string Path, Command Command)> Leaves(string path, Command command) =>
        command.Subcommands.Count == 0
            ? [(path, command)]
            : command.Subcommands.SelectMany(child => Leaves($"{path} {child.Name}".Trim(), child));

    // A comment, what the output goes to, or a remark that stands two blanks away.
    [GeneratedRegex(@" #| > | \| |  ")]
    private static partial Regex End();

    [GeneratedRegex("""'[^']*'|"[^"]*"|[^\s\[\]]+""")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[a-z-]+(\|[a-z-]+)+$")]
    private static partial Regex Choice();

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex LowerCase();
}
