namespace MartenEventing.Cli.Commands.Convert;

/// <summary>Makes any partitioned store plain.</summary>
internal sealed class RevertCommand : CliCommand
{
    public RevertCommand(CliEnvironment environment)
        : base(environment, "revert",
            "Make any partitioned store plain: a completed conversion, or a store that was never plain.")
    {
        Options.Add(ConvertOptions.Share);
        Options.Add(ConvertOptions.AcceptDifferences);
        Options.Add(CommonOptions.Yes);
        ConvertOptions.AddLocks(this);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var conversion = await ConvertOptions.ConversionAsync(context);
        if (context.DryRun)
            return ConvertOutput.Write(context, await conversion.PlanRevertAsync(context.Cancellation));
        if (!context.Confirm($"Make the store in schema \"{context.Schema}\" plain?"))
            return ExitCode.Failed;
        return ConvertOutput.Write(context, await conversion.RevertAsync(context.Cancellation));
    }
}
