using System.CommandLine;
using MartenEventing.Events;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Events;

/// <summary>Looks for events.</summary>
internal sealed class QueryCommand : CliCommand
{
    private const int DefaultLimit = 100;

    private static readonly Option<string[]> Types = new("--type")
    {
        Description = "Of this type (alias, such as parcel_delivered); may be given several times.",
        HelpName = "alias",
    };

    private static readonly Option<string?> Stream = new("--stream")
    {
        Description = "Of this stream: its uuid, or its name.",
        HelpName = "name",
    };

    private static readonly Option<string?> User =
        new("--user") { Description = "Done by this user.", HelpName = "name" };

    private static readonly Option<string?> CorrelationId = new("--correlation-id")
    {
        Description = "With this correlation id.",
        HelpName = "id",
    };

    private static readonly Option<string?> CausationId = new("--causation-id")
    {
        Description = "With this causation id.",
        HelpName = "id",
    };

    private static readonly Option<DateTimeOffset?> From =
        TimeOption.Of("--from", "At this instant or later. A time window leaves out the partitions beyond it.");

    private static readonly Option<DateTimeOffset?> To = TimeOption.Of("--to", "Before this instant.");

    private static readonly Option<string?> Headers = new("--headers")
    {
        Description = "With headers that contain this JSON object.",
        HelpName = "json",
    };

    private static readonly Option<OrderedBy?> Order = CommonOptions.OneOf<OrderedBy>(
        "--order", "As they were appended, or as they happened. Default: sequence.");

    private static readonly Option<bool> Descending = new("--descending") { Description = "The last one first." };

    private static readonly Option<int?> Limit = new("--limit")
    {
        Description = $"How many events at most, 1 to 10000. Default: {DefaultLimit}.",
        HelpName = "events",
    };

    private static readonly Option<string?> After = new("--after")
    {
        Description = "Go on behind the events of the call before, which told this cursor.",
        HelpName = "cursor",
    };

    private enum OrderedBy
    {
        Sequence,
        Time,
    }

    public QueryCommand(CliEnvironment environment)
        : base(environment, "query", "Look for events by type, stream, user, ids, time and headers.")
    {
        Option[] options =
        [
            Types, Stream, User, CorrelationId, CausationId, From, To, Headers, Order, Descending, Limit,
            After, CommonOptions.Tenant, CommonOptions.ShowSql, CommonOptions.Json,
        ];
        foreach (var option in options)
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var source = await context.DataSourceAsync();
        var shape = await StoreShape.ReadAsync(source, context.Schema, context.Cancellation);
        var store = new PostgresEventStore(source, context.Store);
        var page = await store.QueryAsync(Read(context, shape.StreamIdentity), context.Cancellation);
        if (context.Json)
            context.Output.WriteJson(new { Events = page.Events.Select(EventText.Json), page.NextCursor });
        else
            context.Output.WriteTable(
                [">Sequence", "Time", "Stream", ">Version", "Type", "Data"], page.Events.Select(ToRow));
        context.Output.Say(page.NextCursor is null
            ? $"{page.Events.Count} events."
            : $"{page.Events.Count} events, and there are more: the same with --after {page.NextCursor}.");
        return ExitCode.Done;
    }

    private static EventQuery Read(CommandContext context, StreamIdentity identity) => new()
    {
        Types = context.Get(Types) ?? [],
        Stream = context.Get(Stream) is { Length: > 0 } name ? StreamId.Parse(name, identity) : (StreamId?)null,
        UserName = context.Get(User),
        CorrelationId = context.Get(CorrelationId),
        CausationId = context.Get(CausationId),
        From = context.Get(From),
        To = context.Get(To),
        HeadersContain = context.Get(Headers),
        Order = (context.Get(Order), context.Get(Descending)) switch
        {
            (OrderedBy.Time, false) => EventOrder.Time,
            (OrderedBy.Time, true) => EventOrder.TimeDescending,
            (_, true) => EventOrder.SequenceDescending,
            _ => EventOrder.Sequence,
        },
        PageSize = context.Get(Limit) ?? DefaultLimit,
        After = context.Get(After),
    };

    private static IEnumerable<string> ToRow(StoredEvent stored) =>
    [
        $"{stored.Sequence}", EventText.Time(stored.Timestamp), $"{stored.Stream}", $"{stored.Version}", stored.Type,
        EventText.Data(stored),
    ];
}
