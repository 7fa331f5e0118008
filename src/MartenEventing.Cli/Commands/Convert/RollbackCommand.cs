namespace MartenEventing.Cli.Commands.Convert;

/// <summary>Takes a conversion back that is not completed.</summary>
internal sealed class RollbackCommand : CliCommand
{
    public RollbackCommand(CliEnvironment environment)
        : base(environment, "rollback",
            "Take the conversion back, from wherever it stands before \"complete\", to the exact plain table.")
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
            return ConvertOutput.Write(context, await conversion.PlanRollbackAsync(context.Cancellation));
        if (!context.Confirm($"Take the conversion of schema \"{context.Schema}\" back?"))
            return ExitCode.Failed;
        return ConvertOutput.Write(context, await conversion.RollbackAsync(context.Cancellation));
    }
}
