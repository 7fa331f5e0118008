namespace MartenEventing.Cli.Commands.Docs;

/// <summary>Prints the reference page of the command line, docs/reference/cli.md.</summary>
internal sealed class DocsCommand : CliCommand
{
    public DocsCommand(CliEnvironment environment)
        : base(environment, "docs", "Print the reference page of all commands in Markdown.") => Hidden = true;

    protected override Task<int> RunAsync(CommandContext context)
    {
        foreach (var line in ReferencePage.Write(Parents.OfType<System.CommandLine.RootCommand>().Single()))
            context.Output.Write(line);
        return Task.FromResult(ExitCode.Done);
    }
}
