using MartenEventing.Cli.Commands.Events;
using MartenEventing.Events;

namespace MartenEventing.Cli.Commands.Streams;

/// <summary>Streams as the commands print them.</summary>
internal static class StreamText
{
    public static object Json(StreamState state) => new
    {
        Stream = state.Stream.ToString(),
        state.Version,
        state.Type,
        state.Created,
        state.LastUpdated,
        state.IsArchived,
    };

    public static IEnumerable<string> Row(StreamState state) =>
    [
        $"{state.Stream}", $"{state.Version}", state.Type ?? "", EventText.Time(state.Created),
        EventText.Time(state.LastUpdated), state.IsArchived ? "yes" : "",
    ];
}
