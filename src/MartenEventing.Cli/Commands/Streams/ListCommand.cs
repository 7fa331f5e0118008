using System.CommandLine;
using MartenEventing.Cli.Commands.Events;
using MartenEventing.Events;

namespace MartenEventing.Cli.Commands.Streams;

/// <summary>Lists streams.</summary>
internal sealed class ListCommand : CliCommand
{
    private const int DefaultLimit = 100;

    private static readonly Option<string?> Type = new("--type")
    {
        Description = "Of this type, Marten's alias of the aggregate.",
        HelpName = "alias",
    };

    private static readonly Option<bool?> Archived = new("--archived")
    {
        Description = "true: archived ones only; false: others only. Default: both.",
        HelpName = "true|false",
    };

    private static readonly Option<DateTimeOffset?> UpdatedFrom =
        TimeOption.Of("--updated-from", "Changed at this instant or later.");

    private static readonly Option<int?> Limit = new("--limit")
    {
        Description = $"How many streams at most, 1 to 10000. Default: {DefaultLimit}.",
        HelpName = "streams",
    };

    private static readonly Option<string?> After = new("--after")
    {
        Description = "Go on behind this stream.",
        HelpName = "id",
    };

    public ListCommand(CliEnvironment environment)
        : base(environment, "list", "List streams in the order of their ids.")
    {
        Option[] options =
        [
            Type, Archived, UpdatedFrom, Limit, After, CommonOptions.Tenant, CommonOptions.ShowSql, CommonOptions.Json,
        ];
        foreach (var option in options)
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var store = new PostgresEventStore(await context.DataSourceAsync(), context.Store);
        var page = await store.ListStreamsAsync(
            new StreamQuery
            {
                Type = context.Get(Type),
                IsArchived = context.Get(Archived),
                UpdatedFrom = context.Get(UpdatedFrom),
                PageSize = context.Get(Limit) ?? DefaultLimit,
                After = context.Get(After),
            },
            context.Cancellation);
        if (context.Json)
            context.Output.WriteJson(new { Streams = page.Streams.Select(StreamText.Json), page.NextCursor });
        else
            context.Output.WriteTable(
                ["Stream", ">Version", "Type", "Created", "Updated", "Archived"], page.Streams.Select(StreamText.Row));
        context.Output.Say(page.NextCursor is null
            ? $"{page.Streams.Count} streams."
            : $"{page.Streams.Count} streams, and there are more: the same with --after \"{page.NextCursor}\".");
        return ExitCode.Done;
    }
}
