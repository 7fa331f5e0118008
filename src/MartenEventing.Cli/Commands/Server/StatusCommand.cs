namespace MartenEventing.Cli.Commands.Server;

/// <summary>Shows the private server.</summary>
internal sealed class StatusCommand : CliCommand
{
    public StatusCommand(CliEnvironment environment)
        : base(environment, "status", "Show whether the server runs, and how to connect. Exit code 3: it does not.")
    {
        Options.Add(ServerFacts.ShowPassword);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var status = await ServerFacts.WriteAsync(context);
        if (status.IsRunning)
            return ExitCode.Done;
        context.Output.Say("Start it: marten-eventing server start.");
        return ExitCode.FoundWrong;
    }
}
