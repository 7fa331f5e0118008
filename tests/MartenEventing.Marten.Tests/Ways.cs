using JasperFx.Events;
using MartenEventing.TestSupport;

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

    /// <summary>Each mode with one identity by turns; with MARTEN_EVENTING_FULL=1 with both.</summary>
    private static TheoryData<EventAppendMode, StreamIdentity> Combine(EventAppendMode[] modes)
    {
        var ways = new TheoryData<EventAppendMode, StreamIdentity>();
        for (var i = 0; i < modes.Length; i++)
        {
            for (var j = 0; j < Identities.Length; j++)
            {
                if (Effort.IsFull || i % Identities.Length == j)
                    ways.Add(modes[i], Identities[j]);
            }
        }

        return ways;
    }
}
