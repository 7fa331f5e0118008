using System.CommandLine;
using MartenEventing.Cli.Commands.Events;
using MartenEventing.Events;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Streams;

/// <summary>Shows one stream with its events.</summary>
internal sealed class InspectCommand : CliCommand
{
    private static readonly Argument<string> StreamName = new("stream")
    {
        Description = "The stream's uuid or name. In a store of uuids a name means the uuid that import gave it.",
    };

    private static readonly Option<long?> FromVersion = new("--from-version")
    {
        Description = "The lowest version, 1 or more. Default: 1.",
        HelpName = "version",
    };

    private static readonly Option<long?> ToVersion = new("--to-version")
    {
        Description = "The highest version. Default: the last.",
        HelpName = "version",
    };

    private static readonly Option<bool> Backwards = new("--backwards") { Description = "The newest first." };

    public InspectCommand(CliEnvironment environment)
        : base(environment, "inspect", "Show a stream and its events.")
    {
        Arguments.Add(StreamName);
        Option[] options =
            [FromVersion, ToVersion, Backwards, CommonOptions.Tenant, CommonOptions.ShowSql, CommonOptions.Json];
        foreach (var option in options)
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var source = await context.DataSourceAsync();
        var shape = await StoreShape.ReadAsync(source, context.Schema, context.Cancellation);
        var store = new PostgresEventStore(source, context.Store);
        var stream = StreamId.Parse(context.Get(StreamName)!, shape.StreamIdentity);
        if (await store.GetStreamAsync(stream, context.Cancellation) is not { } state)
        {
            context.Output.Fail(
                $"There is no stream {Told(context, stream)}. Those that are there: marten-eventing stream list.");
            return ExitCode.Failed;
        }

        var events = await store.ReadStreamAsync(
            stream,
            context.Get(FromVersion) ?? 1,
            context.Get(ToVersion) ?? long.MaxValue,
            context.Get(Backwards) ? ReadDirection.Backwards : ReadDirection.Forwards,
            context.Cancellation).ToListAsync(context.Cancellation);
        if (context.Json)
            context.Output.WriteJson(new { Stream = StreamText.Json(state), Events = events.Select(EventText.Json) });
        else
            Write(context, state, events);
        context.Output.Say($"{events.Count} events.");
        return ExitCode.Done;
    }

    private static void Write(CommandContext context, StreamState state, IReadOnlyList<StoredEvent> events)
    {
        context.Output.WriteFacts(
            ("Stream", Told(context, state.Stream)),
            ("Version", $"{state.Version}"),
            ("Type", state.Type ?? "none"),
            ("Created", EventText.Time(state.Created)),
            ("Updated", EventText.Time(state.LastUpdated)),
            ("Archived", state.IsArchived ? "yes" : "no"));
        context.Output.Write("");
        context.Output.WriteTable(
            [">Version", ">Sequence", "Time", "Type", "User", "Data"],
            events.Select(stored => new[]
            {
                $"{stored.Version}", $"{stored.Sequence}", EventText.Time(stored.Timestamp), stored.Type,
                stored.UserName ?? "", EventText.Data(stored),
            }));
    }

    /// <summary>The id, and the name where that is not the id.</summary>
    private static string Told(CommandContext context, StreamId stream) =>
        context.Get(StreamName) is { } name && name != stream.ToString() ? $"{name} ({stream})" : $"{stream}";
}
