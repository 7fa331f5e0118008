using System.CommandLine;

namespace MartenEventing.Cli.Commands.Db;

/// <summary>The noun db: the schema of the event store.</summary>
internal static class DbCommands
{
    public static Command Build(CliEnvironment environment) => new("db", "The schema of the event store.")
    {
        new ApplyCommand(environment),
        new ScriptCommand(environment),
        new StatusCommand(environment),
        new CheckCommand(environment),
        new AppendOnlyCommand(environment),
        new RolesCommand(environment),
    };
}
