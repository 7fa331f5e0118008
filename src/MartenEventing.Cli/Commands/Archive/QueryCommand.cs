using System.CommandLine;
using MartenEventing.Cli.Commands.Events;
using MartenEventing.Events;
using MartenEventing.PartitionArchive;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>Reads events from the files.</summary>
internal sealed class QueryCommand : CliCommand
{
    private const int DefaultLimit = 100;

    private static readonly Option<string?> Stream =
        new("--stream") { Description = "Of this stream: its uuid, or its name.", HelpName = "name" };

    private static readonly Option<string?> Tenant =
        new("--tenant") { Description = "Of this tenant. Default: any.", HelpName = "id" };

    private static readonly Option<string[]> Types = new("--type")
    {
        Description = "Of this type (alias); may be given several times.",
        HelpName = "alias",
    };

    private static readonly Option<DateTimeOffset?> From = TimeOption.Of("--from", "At this instant or later.");

    private static readonly Option<DateTimeOffset?> To = TimeOption.Of("--to", "Before this instant.");

    private static readonly Option<long?> First =
        new("--from-sequence") { Description = "With this sequence or a higher one.", HelpName = "number" };

    private static readonly Option<long?> Last =
        new("--to-sequence") { Description = "With this sequence or a lower one.", HelpName = "number" };

    private static readonly Option<int?> Limit = new("--limit")
    {
        Description = $"How many events at most; 0 for all. Default: {DefaultLimit}.",
        HelpName = "events",
    };

    public QueryCommand(CliEnvironment environment)
        : base(environment, "query",
            "Read events from the files by stream, type, time and sequence, without restoring. With --json each event "
            + "is a line with all its columns.")
    {
        Arguments.Add(ArchiveCliOptions.Folder);
        Arguments.Add(ArchiveCliOptions.Names);
        Option[] options =
        [
            Stream, Tenant, Types, From, To, First, Last, Limit, ArchiveCliOptions.KeyFile, CommonOptions.Json,
        ];
        foreach (var option in options)
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var archives = await ArchiveCliOptions.ArchivesAsync(context);
        var limit = context.Get(Limit) ?? DefaultLimit;
        var found = new List<ArchivedEvent>();
        var count = 0;
        var chosen = await ArchiveCliOptions.ChosenAsync(context, archives);
        foreach (var name in chosen.Names)
        {
            var query = await ReadAsync(context, archives, name);
            await foreach (var archived in archives.QueryAsync(name, query, context.Cancellation))
            {
                if (limit > 0 && count == limit)
                    return End(context, chosen, found, $"{count} events, and there are more: --limit 0 shows all.");
                count++;
                if (context.Json)
                    context.Output.Write(archived.Line);
                else
                    found.Add(archived);
            }
        }

        return End(context, chosen, found, $"{count} events.");
    }

    private static int End(
        CommandContext context, ChosenArchives chosen, List<ArchivedEvent> found, string sentence)
    {
        if (!context.Json)
            context.Output.WriteTable(
                [">Sequence", "Time", "Stream", ">Version", "Type", "Archive"],
                found.Select(archived => new[]
                {
                    $"{archived.Sequence}", archived.Timestamp, archived.Stream ?? "", $"{archived.Version}",
                    archived.Type,
                    archived.Archive,
                }));
        context.Output.Say(sentence);
        return chosen.ExitCode;
    }

    private static async Task<ArchiveQuery> ReadAsync(CommandContext context, PartitionArchives archives, string name)
    {
        var stream = context.Get(Stream);
        if (stream is not null)
        {
            var manifest = await archives.ReadManifestAsync(name, context.Cancellation);
            stream = StreamId.Parse(stream, manifest.Origin.StreamIdentity).ToString();
        }

        return new ArchiveQuery
        {
            Stream = stream,
            Tenant = context.Get(Tenant),
            Types = context.Get(Types) ?? [],
            From = context.Get(From),
            To = context.Get(To),
            FirstSequence = context.Get(First),
            LastSequence = context.Get(Last),
        };
    }
}
