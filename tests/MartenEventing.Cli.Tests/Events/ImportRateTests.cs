using MartenEventing.Cli.Commands.Events;
using MartenEventing.Events;

namespace MartenEventing.Cli.Tests.Events;

public sealed class ImportRateTests
{
    private readonly Stopwatch _clock = new();

    [Fact]
    public void rate_and_time_left_follow_the_bytes_of_the_file()
    {
        var rate = new ImportRate(_clock, length: 1000);
        _clock.Elapsed = TimeSpan.FromSeconds(20);

        rate.Describe(new ImportProgress(Lines: 5000, Events: 4000, BytesRead: 250))
            .ShouldBe("25 %, 4,000 events, 200 events/s, 0:01:00 left");
        rate.Part(new ImportProgress(5000, 4000, 250)).ShouldBe(0.25);
    }

    [Fact]
    public void where_the_length_is_not_known_only_the_rate_is_told()
    {
        var rate = new ImportRate(_clock, length: null);
        _clock.Elapsed = TimeSpan.FromSeconds(2);

        rate.Describe(new ImportProgress(5000, 5000, 250)).ShouldBe("5,000 events, 2,500 events/s");
        rate.Part(new ImportProgress(5000, 5000, 250)).ShouldBeNull();
    }

    private sealed class Stopwatch : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
