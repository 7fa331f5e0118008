namespace MartenEventing.Cli.Commands.Convert;

/// <summary>Shows where a conversion stands.</summary>
internal sealed class StatusCommand : CliCommand
{
    public StatusCommand(CliEnvironment environment)
        : base(environment, "status", "Show where the conversion stands, and what to type next.")
    {
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var conversion = await ConvertOptions.ConversionAsync(context);
        return ConvertOutput.Write(context, await conversion.GetStatusAsync(context.Cancellation));
    }
}
