namespace MartenEventing.Cli.Commands.Convert;

/// <summary>Ends a conversion.</summary>
internal sealed class CompleteCommand : CliCommand
{
    public CompleteCommand(CliEnvironment environment)
        : base(environment, "complete", "End the conversion: remove what only splitting and the way back need.")
    {
        Options.Add(ConvertOptions.AcceptDifferences);
        Options.Add(CommonOptions.Yes);
        ConvertOptions.AddLocks(this);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var conversion = await ConvertOptions.ConversionAsync(context);
        if (context.DryRun)
            return ConvertOutput.Write(context, await conversion.PlanCompleteAsync(context.Cancellation));
        if (!context.Confirm($"Complete the conversion of schema \"{context.Schema}\"?"))
            return ExitCode.Failed;
        return ConvertOutput.Write(context, await conversion.CompleteAsync(context.Cancellation));
    }
}
