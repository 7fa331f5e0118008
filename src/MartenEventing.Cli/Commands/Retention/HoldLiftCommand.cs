using System.CommandLine;

namespace MartenEventing.Cli.Commands.Retention;

/// <summary>Lifts a legal hold.</summary>
internal sealed class HoldLiftCommand : CliCommand
{
    private static readonly Argument<long> Id = new("id") { Description = "Its number: retention hold list shows it." };

    public HoldLiftCommand(CliEnvironment environment)
        : base(environment, "lift", "Lift a hold. Who placed and who lifted it stays on record.")
    {
        Arguments.Add(Id);
        Options.Add(HoldOptions.GiveUpAfter);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var holds = await HoldOptions.HoldsAsync(context);
        if (await holds.LiftAsync(context.Get(Id), context.Cancellation))
        {
            context.Output.Say($"Hold {context.Get(Id)} is lifted.");
            return ExitCode.Done;
        }

        context.Output.Fail(
            $"There is no hold {context.Get(Id)} that stands. See: marten-eventing retention hold list");
        return ExitCode.Failed;
    }
}
