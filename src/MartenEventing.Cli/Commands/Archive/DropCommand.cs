using MartenEventing.Cli.Output;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>Removes a partition archive.</summary>
internal sealed class DropCommand : CliCommand
{
    public DropCommand(CliEnvironment environment)
        : base(environment, "drop",
            "Remove a partition archive for good, unless a legal hold covers something in it, or what is left of an "
            + "unfinished one.")
    {
        Arguments.Add(ArchiveCliOptions.Folder);
        Arguments.Add(ArchiveCliOptions.Name);
        Options.Add(ArchiveCliOptions.WithoutDatabase);
        Options.Add(ArchiveCliOptions.KeyFile);
        Options.Add(CommonOptions.DryRun);
        Options.Add(CommonOptions.Yes);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var archives = await ArchiveCliOptions.ArchivesAsync(context);
        var name = context.Get(ArchiveCliOptions.Name)!;
        var entry = (await archives.ListAsync(context.Cancellation)).FirstOrDefault(entry => entry.Name == name);
        var plan = entry is null ? $"{name} holds no complete archive."
            : entry.Manifest is { } manifest
                ? $"{name}: {ArchiveText.Summary(manifest)}. There may be no other copy of them."
            : $"{name}: {Size.Of(entry.Bytes)} of an archive that is not complete or not to be read.";
        context.Output.Say(plan);
        if (!context.Get(ArchiveCliOptions.WithoutDatabase))
            await (await ArchiveCliOptions.NotedAsync(context)).RequireDroppableAsync(name, context.Cancellation);
        if (context.DryRun)
            return ExitCode.Done;
        if (!context.Confirm($"Remove the partition archive {name} for good?"))
            return ExitCode.Failed;
        await archives.DropAsync(name, context.Cancellation);
        if (context.Json)
            context.Output.WriteJson(new { Dropped = name });
        context.Output.Say($"{name} is gone.");
        return ExitCode.Done;
    }
}
