using System.CommandLine;
using MartenEventing.Maintenance;

namespace MartenEventing.Cli.Commands.Maint;

/// <summary>VACUUM (ANALYZE), table by table.</summary>
internal sealed class VacuumCommand : UpkeepCommand
{
    private static readonly Option<bool> Freeze = new("--freeze")
    {
        Description = "Mark all rows as old for good, which spares a later rewrite.",
    };

    public VacuumCommand(CliEnvironment environment)
        : base(environment, "vacuum", "Reclaim dead rows and renew statistics, table by table. Holds up nobody.") =>
        Options.Add(Freeze);

    protected override Task<IReadOnlyList<UpkeepStatement>> PlanAsync(
        CommandContext context, StoreUpkeep upkeep, string? table) =>
        upkeep.PlanVacuumAsync(table, context.Get(Freeze), context.Cancellation);
}
