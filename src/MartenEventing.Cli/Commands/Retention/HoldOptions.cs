using System.CommandLine;
using MartenEventing.Cli.Output;
using MartenEventing.Retention;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>What the commands on holds share.</summary>
internal static class HoldOptions
{
    public static readonly Option<int> GiveUpAfter = WaitOptions.GiveUpAfter(TimeSpan.FromMinutes(1));

    public static async Task<LegalHolds> HoldsAsync(CommandContext context) =>
        new(await context.DataSourceAsync(), context.Schema)
        {
            GiveUpAfter = TimeSpan.FromSeconds(Math.Max(1, context.Get(GiveUpAfter))),
            Waiting = new WaitTalk(context.Output),
        };
}
