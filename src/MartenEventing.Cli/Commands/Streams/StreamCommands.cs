using System.CommandLine;

namespace MartenEventing.Cli.Commands.Streams;

/// <summary>The noun stream: the streams of the store.</summary>
internal static class StreamCommands
{
    public static Command Build(CliEnvironment environment) => new("stream", "The streams of the store.")
    {
        new ListCommand(environment),
        new InspectCommand(environment),
    };
}
