using MartenEventing.Retention;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>What the commands on holds share.</summary>
internal static class HoldOptions
{
    public static async Task<LegalHolds> HoldsAsync(CommandContext context) =>
        new(await context.DataSourceAsync(), context.Schema);
}
