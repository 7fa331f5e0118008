namespace MartenEventing.Cli.Commands.Convert;

/// <summary>Cuts the head into periods.</summary>
internal sealed class SplitCommand : CliCommand
{
    public SplitCommand(CliEnvironment environment)
        : base(environment, "split", "Cut the head into periods, in small batches. May be stopped at any moment, and " +
            "goes on with the next call.")
    {
        Options.Add(ConvertOptions.Period);
        Options.Add(ConvertOptions.Since);
        Options.Add(ConvertOptions.Share);
        ConvertOptions.AddLocks(this);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var conversion = await ConvertOptions.ConversionAsync(context);
        if (context.DryRun)
            return ConvertOutput.Write(context, await conversion.PlanSplitAsync(context.Cancellation));
        return ConvertOutput.Write(context, await conversion.SplitAsync(context.Cancellation));
    }
}
