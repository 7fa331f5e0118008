using System.CommandLine;
using MartenEventing.LocalPostgres;

namespace MartenEventing.Cli.Commands.Server;

/// <summary>Starts the private server.</summary>
internal sealed class StartCommand : CliCommand
{
    private readonly Option<int?> _port = new("--port")
    {
        Description = "TCP port on 127.0.0.1; the next free one when it is taken. Default: as before, at first 54329.",
        HelpName = "number",
    };

    public StartCommand(CliEnvironment environment)
        : base(environment, "start", "Start the server; it goes on running. Shows how to connect.")
    {
        _port.Validators.Add(result =>
        {
            if (result.GetValue(_port) is < 1 or > 65535)
                result.AddError($"--port is {result.GetValue(_port)}. Allowed: 1 to 65535.");
        });
        Options.Add(_port);
        Options.Add(ServerFacts.ShowPassword);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var options = context.LocalPostgres with { Port = context.Get(_port) ?? context.LocalPostgres.Port };
        await using var server = await LocalServer.StartPersistentAsync(options, context.Cancellation);
        await ServerFacts.WriteAsync(context);
        return ExitCode.Done;
    }
}
