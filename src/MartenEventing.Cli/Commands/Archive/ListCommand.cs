using System.Globalization;
using MartenEventing.Cli.Output;
using MartenEventing.PartitionArchive;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>Lists partition archives.</summary>
internal sealed class ListCommand : CliCommand
{
    public ListCommand(CliEnvironment environment)
        : base(environment, "list",
            "List the partition archives of a folder, and what is unfinished or not to be read.")
    {
        Arguments.Add(ArchiveCliOptions.Folder);
        Options.Add(ArchiveCliOptions.KeyFile);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var entries = await (await ArchiveCliOptions.ArchivesAsync(context)).ListAsync(context.Cancellation);
        if (context.Json)
            context.Output.WriteJson(entries.Select(entry => new
            {
                entry.Name, entry.Bytes, entry.Problem,
                Manifest = entry.Manifest is null ? null : ArchiveText.Json(entry.Manifest),
            }));
        else
            context.Output.WriteTable(
                ["Archive", "From", "To", ">Events", ">Streams", ">Size", ">Saved", "Made", "Remarks"],
                entries.Select(ToRow));
        context.Output.Say($"{entries.Count(entry => entry.Manifest is not null)} archives.");
        foreach (var entry in entries.Where(entry => entry.Problem is not null))
            context.Output.Warn(entry.Problem!);
        return ExitCode.Done;
    }

    private static IEnumerable<string> ToRow(ArchiveEntry entry) => entry.Manifest is not { } manifest
        ? [entry.Name, "", "", "", "", Size.Of(entry.Bytes), "", "",
            entry.IsUnfinished ? "not complete" : "not to be read"]
        :
        [
            entry.Name, ArchiveText.Bound(manifest.From), ArchiveText.Bound(manifest.To),
            manifest.Events.ToString("N0", CultureInfo.InvariantCulture),
            manifest.Streams.ToString("N0", CultureInfo.InvariantCulture), Size.Of(entry.Bytes),
            ArchiveText.Saved(manifest) + " %", Events.EventText.Time(manifest.CreatedAt), RemarksOf(manifest),
        ];

    private static string RemarksOf(ArchiveManifest manifest) => string.Join(", ",
        ((string?[])
        [
            manifest.Encryption is null ? null : "encrypted",
            manifest.Tenant is null ? null : $"tenant {manifest.Tenant}",
            manifest.Redactions.Count == 0 ? null : $"{manifest.Redactions.Count} redactions",
        ]).OfType<string>());
}
