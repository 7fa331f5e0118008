namespace MartenEventing.Cli.Commands.Retention;

/// <summary>Shows what retention would remove.</summary>
internal sealed class PlanCommand : CliCommand
{
    public PlanCommand(CliEnvironment environment)
        : base(environment, "plan",
            "Show what \"retention apply\" would remove, what it would carry, and what forbids more.") =>
        RetentionPolicyOptions.AddTo(this);

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var retention = await RetentionPolicyOptions.RetentionAsync(context);
        RetentionOutput.Write(context, await retention.PlanAsync(context.Cancellation));
        return ExitCode.Done;
    }
}
