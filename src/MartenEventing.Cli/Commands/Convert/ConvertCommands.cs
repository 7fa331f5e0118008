using System.CommandLine;

namespace MartenEventing.Cli.Commands.Convert;

/// <summary>The noun convert.</summary>
internal static class ConvertCommands
{
    public static Command Build(CliEnvironment environment) => new(
        "convert", "Make a live plain store partitioned, and a partitioned one plain, without stopping a writer.")
    {
        new PlanCommand(environment),
        new StartCommand(environment),
        new StatusCommand(environment),
        new SplitCommand(environment),
        new CompleteCommand(environment),
        new RollbackCommand(environment),
        new RevertCommand(environment),
    };
}
