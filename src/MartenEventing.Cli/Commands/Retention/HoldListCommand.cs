using System.CommandLine;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>Shows legal holds.</summary>
internal sealed class HoldListCommand : CliCommand
{
    private static readonly Option<bool> All = new("--all") { Description = "Those that have been lifted, too." };

    public HoldListCommand(CliEnvironment environment)
        : base(environment, "list", "Show the holds that stand.")
    {
        Options.Add(All);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var holds = await HoldOptions.HoldsAsync(context);
        RetentionOutput.Write(context, await holds.ListAsync(context.Get(All), context.Cancellation));
        return ExitCode.Done;
    }
}
