using System.CommandLine;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>The noun archive: partition archives.</summary>
internal static class ArchiveCommands
{
    public static Command Build(CliEnvironment environment) => new("archive", "Partition archives: months in files.")
    {
        new CreateCommand(environment),
        new ListCommand(environment),
        new VerifyCommand(environment),
        new QueryCommand(environment),
        new RestoreCommand(environment),
        new RedactCommand(environment),
        new DropCommand(environment),
    };
}
