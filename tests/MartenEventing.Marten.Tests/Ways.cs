using JasperFx.Events;

namespace MartenEventing.Tests;

/// <summary>The ways in which Marten may write: append mode and stream identity.</summary>
public static class Ways
{
    public static EventAppendMode[] Modes { get; } =
        [EventAppendMode.Rich, EventAppendMode.Quick, EventAppendMode.QuickWithServerTimestamps];

    /// <summary>The modes in which the application says when an event happened.</summary>
    public static EventAppendMode[] ClientTimeModes { get; } =
        [EventAppendMode.Rich, EventAppendMode.QuickWithServerTimestamps];

    public static StreamIdentity[] Identities { get; } = [StreamIdentity.AsGuid, StreamIdentity.AsString];

    public static TheoryData<EventAppendMode, StreamIdentity> All => Combine(Modes);

    public static TheoryData<EventAppendMode, StreamIdentity> WithClientTime => Combine(ClientTimeModes);

    private static TheoryData<EventAppendMode, StreamIdentity> Combine(EventAppendMode[] modes)
    {
        var ways = new TheoryData<EventAppendMode, StreamIdentity>();
        foreach (var mode in modes)
        {
            foreach (var identity in Identities)
                ways.Add(mode, identity);
        }

        return ways;
    }
}
