using System.CommandLine;
using MartenEventing.Retention;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>What the commands on holds share.</summary>
internal static class HoldOptions
{
    public static readonly Option<string?> By = new("--by")
    {
        Description = "Who says so. Default: the database's user.",
        HelpName = "name",
    };

    public static async Task<LegalHolds> HoldsAsync(CommandContext context) =>
        new(await context.DataSourceAsync(), context.Schema);
}
