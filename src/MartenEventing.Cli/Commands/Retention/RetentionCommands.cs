using System.CommandLine;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>The noun retention.</summary>
internal static class RetentionCommands
{
    public static Command Build(CliEnvironment environment) => new(
        "retention", "Remove what is old: a stream is kept whole or removed whole, unless --cut is chosen.")
    {
        new PlanCommand(environment),
        new ApplyCommand(environment),
        new Command("hold", "Legal holds: nothing that one touches is removed until it is lifted.")
        {
            new HoldAddCommand(environment),
            new HoldLiftCommand(environment),
            new HoldListCommand(environment),
        },
    };
}
