using MartenEventing.Benchmarks.Data;

namespace MartenEventing.Benchmarks.Tests;

public sealed class EventHistoryTests
{
    private static readonly HistoryOptions Options =
        HistoryOptions.LastMonths(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero), 12, 20_000);

    private static readonly EventHistory History = EventHistory.Create(Options);

    [Fact]
    public void the_same_options_give_the_same_history()
    {
        var again = EventHistory.Create(Options);

        again.Streams.ShouldBe(History.Streams);
        again.Events.ShouldBe(History.Events);
    }

    [Fact]
    public void every_stream_has_all_versions_in_the_order_of_the_sequence()
    {
        History.Events.Count.ShouldBe(20_000);
        foreach (var stream in History.Events.GroupBy(@event => @event.Stream))
            stream.Select(@event => @event.Version).ShouldBe(Enumerable.Range(1, History.Streams[stream.Key].Events));
    }

    [Fact]
    public void all_events_lie_in_the_life_of_their_stream_and_in_the_months_asked_for()
    {
        Options.From.ShouldBe(new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero));
        foreach (var @event in History.Events)
        {
            var stream = History.Streams[@event.Stream];
            @event.Timestamp.ShouldBeInRange(stream.Created.UtcTicks, stream.LastEvent.UtcTicks);
            @event.Timestamp.ShouldBeInRange(Options.From.UtcTicks, Options.To.UtcTicks);
        }
    }

    [Fact]
    public void three_ids_in_four_tell_when_their_stream_began()
    {
        var telling = History.Streams.Count(stream => stream.TellsItsTime) / (double)History.Streams.Count;

        telling.ShouldBeInRange(0.65, 0.85);
        foreach (var stream in History.Streams.Where(stream => stream.TellsItsTime))
        {
            Convert.ToInt64(stream.Id.ToString("N")[..12], 16).ShouldBe(stream.Created.ToUnixTimeMilliseconds());
        }
    }
}
