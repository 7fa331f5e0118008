using MartenEventing.LocalPostgres;

namespace MartenEventing.Cli.Commands.Server;

/// <summary>Stops the private server.</summary>
internal sealed class StopCommand : CliCommand
{
    public StopCommand(CliEnvironment environment)
        : base(environment, "stop", "Stop the server. Its data stay.") => Options.Add(CommonOptions.Json);

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var stopped = await LocalServer.StopPersistentAsync(context.LocalPostgres, context.Cancellation);
        if (context.Json)
            context.Output.WriteJson(new { Stopped = stopped });
        context.Output.Say(stopped ? "The server has stopped." : "The server was not running.");
        return ExitCode.Done;
    }
}
