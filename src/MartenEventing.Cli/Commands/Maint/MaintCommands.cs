using System.CommandLine;

namespace MartenEventing.Cli.Commands.Maint;

/// <summary>The noun maint: what a DBA does to the tables.</summary>
internal static class MaintCommands
{
    public static Command Build(CliEnvironment environment) => new("maint", "Vacuum, reindex, statistics.")
    {
        new VacuumCommand(environment),
        new ReindexCommand(environment),
        new StatsCommand(environment),
    };
}
