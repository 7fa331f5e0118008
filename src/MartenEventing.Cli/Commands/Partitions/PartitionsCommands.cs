using System.CommandLine;

namespace MartenEventing.Cli.Commands.Partitions;

/// <summary>The noun partitions.</summary>
internal static class PartitionsCommands
{
    public static Command Build(CliEnvironment environment) => new("partitions", "The partitions of mt_events.")
    {
        new ListCommand(environment),
        new PlanCommand(environment),
        new EnsureCommand(environment),
        new MaintainCommand(environment),
        new RollUpCommand(environment),
    };
}
