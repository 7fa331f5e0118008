using System.CommandLine;

namespace MartenEventing.Cli.Commands.Server;

/// <summary>The noun server: the private PostgreSQL server.</summary>
internal static class ServerCommands
{
    public static Command Build(CliEnvironment environment) =>
        new("server", "The private PostgreSQL server that is used where no connection is given.")
        {
            new StartCommand(environment),
            new StopCommand(environment),
            new StatusCommand(environment),
        };
}
