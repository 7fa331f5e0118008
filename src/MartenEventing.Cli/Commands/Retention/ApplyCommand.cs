namespace MartenEventing.Cli.Commands.Retention;

/// <summary>Removes what the policies say.</summary>
internal sealed class ApplyCommand : CliCommand
{
    public ApplyCommand(CliEnvironment environment)
        : base(
            environment,
            "apply",
            "Remove what the policies say, partition by partition, unless something forbids it (exit code 3). Goes on "
            + "where it was interrupted.")
    {
        RetentionPolicyOptions.AddTo(this);
        Options.Add(CommonOptions.DryRun);
        Options.Add(CommonOptions.Yes);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var retention = await RetentionPolicyOptions.RetentionAsync(context);
        var plan = await retention.PlanAsync(context.Cancellation);
        if (context.DryRun)
        {
            RetentionOutput.Write(context, plan);
            return ExitCode.Done;
        }

        if (!context.Json)
            RetentionOutput.Write(context, plan);
        if (!context.Confirm($"Remove this from schema \"{context.Schema}\"?"))
            return ExitCode.Failed;
        return RetentionOutput.Write(context, await retention.ApplyAsync(context.Cancellation));
    }
}
