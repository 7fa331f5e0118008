namespace MartenEventing.Cli.Commands.Archive;

/// <summary>The archives that a command is to look at.</summary>
/// <param name="Names">Those that were named, or all that are to be read.</param>
/// <param name="Unreadable">Of all, those that are not to be read, though they were complete once.</param>
internal sealed record ChosenArchives(IReadOnlyList<string> Names, IReadOnlyList<string> Unreadable)
{
    /// <summary>The exit code of a command that has done its work on those that are to be read.</summary>
    public int ExitCode => Unreadable.Count == 0 ? Cli.ExitCode.Done : Cli.ExitCode.FoundWrong;
}
