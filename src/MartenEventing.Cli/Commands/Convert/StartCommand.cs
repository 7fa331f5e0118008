namespace MartenEventing.Cli.Commands.Convert;

/// <summary>Makes a plain store partitioned.</summary>
internal sealed class StartCommand : CliCommand
{
    public StartCommand(CliEnvironment environment)
        : base(environment, "start",
            "Make a plain store partitioned, up to and including the swap. Goes on where it was interrupted.")
    {
        Options.Add(ConvertOptions.Way);
        Options.Add(ConvertOptions.Period);
        Options.Add(ConvertOptions.Since);
        Options.Add(ConvertOptions.Share);
        Options.Add(ConvertOptions.AcceptTriggers);
        ConvertOptions.AddLocks(this);
        Options.Add(CommonOptions.Yes);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var conversion = await ConvertOptions.ConversionAsync(context);
        if (context.DryRun)
            return ConvertOutput.Write(context, await conversion.PlanAsync(context.Cancellation));
        if (!context.Confirm($"Make the store in schema \"{context.Schema}\" partitioned?"))
            return ExitCode.Failed;
        return ConvertOutput.Write(context, await conversion.StartAsync(context.Cancellation));
    }
}
