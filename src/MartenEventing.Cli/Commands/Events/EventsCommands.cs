using System.CommandLine;

namespace MartenEventing.Cli.Commands.Events;

/// <summary>The noun events: what the store holds.</summary>
internal static class EventsCommands
{
    public static Command Build(CliEnvironment environment) => new("events", "The events of the store.")
    {
        new ImportCommand(environment),
        new QueryCommand(environment),
    };
}
