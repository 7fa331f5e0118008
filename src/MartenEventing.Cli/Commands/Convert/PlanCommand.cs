namespace MartenEventing.Cli.Commands.Convert;

/// <summary>Shows what a conversion would do, and what stands in the way.</summary>
internal sealed class PlanCommand : CliCommand
{
    public PlanCommand(CliEnvironment environment)
        : base(environment, "plan",
            "Show what \"convert start\" would do, what it locks, and what stands in the way: exit code 3.")
    {
        Options.Add(ConvertOptions.Way);
        Options.Add(ConvertOptions.Period);
        Options.Add(ConvertOptions.Since);
        Options.Add(ConvertOptions.Share);
        Options.Add(ConvertOptions.AcceptTriggers);
        Options.Add(ConvertOptions.LockTimeout);
        Options.Add(CommonOptions.ShowSql);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var conversion = await ConvertOptions.ConversionAsync(context);
        return ConvertOutput.Write(context, await conversion.PlanAsync(context.Cancellation));
    }
}
