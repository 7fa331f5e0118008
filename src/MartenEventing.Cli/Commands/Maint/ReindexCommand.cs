using MartenEventing.Maintenance;

namespace MartenEventing.Cli.Commands.Maint;

/// <summary>REINDEX TABLE CONCURRENTLY, table by table.</summary>
internal sealed class ReindexCommand(CliEnvironment environment) : UpkeepCommand(
    environment,
    "reindex",
    "Build all indexes anew, table by table, while others read and write. Removes what an interrupted run has left.")
{
    protected override Task<IReadOnlyList<UpkeepStatement>> PlanAsync(
        CommandContext context, StoreUpkeep upkeep, string? table) =>
        upkeep.PlanReindexAsync(table, context.Cancellation);
}
