using System.Text;
using System.Text.Json;
using MartenEventing.Cli.Demo.Parcels;

namespace MartenEventing.Cli.Tests.Demo;

public sealed class ParcelHistoryTests
{
    private static readonly DateTimeOffset End = new(2026, 11, 20, 14, 30, 0, TimeSpan.Zero);

    [Fact]
    public void the_same_seed_gives_the_same_events() =>
        Lines(ParcelHistory.Until(End, 5_000)).SequenceEqual(Lines(ParcelHistory.Until(End, 5_000))).ShouldBeTrue();

    [Fact]
    public void another_seed_gives_other_events() =>
        Lines(ParcelHistory.Until(End, 5_000, seed: 1)).SequenceEqual(Lines(ParcelHistory.Until(End, 5_000, seed: 2)))
            .ShouldBeFalse();

    [Theory]
    [InlineData(5_000)]
    [InlineData(50_000)]
    [InlineData(300_000)]
    public void there_are_about_as_many_events_as_asked_for(int asked) =>
        ParcelHistory.Until(End, asked).Count().ShouldBeInRange((int)(asked * 0.98), (int)(asked * 1.02));

    [Fact]
    public void events_come_in_the_order_of_time_over_three_years_and_none_after_the_end()
    {
        var times = ParcelHistory.Until(End, 20_000).Select(happened => happened.Timestamp).ToList();

        times.ShouldBeInOrder();
        times[0].ShouldBeInRange(End.AddYears(-3).AddDays(-1), End.AddYears(-3).AddDays(1));
        times[^1].ShouldBeInRange(End.AddDays(-1), End);
    }

    [Fact]
    public void a_parcel_is_registered_first_and_delivered_or_returned_last()
    {
        var finished = ParcelHistory.Until(End, 20_000)
            .GroupBy(happened => happened.Stream)
            .Where(parcel => parcel.Key.StartsWith("MP", StringComparison.Ordinal))
            .Where(parcel => parcel.First().Timestamp < End.AddDays(-40));

        foreach (var parcel in finished)
        {
            parcel.First().Type.ShouldBe("parcel_registered");
            parcel.Last().Type.ShouldBeOneOf("parcel_delivered", "parcel_returned");
            parcel.Select(happened => happened.Timestamp).ShouldBeInOrder(SortDirection.Ascending);
        }
    }

    [Fact]
    public void december_brings_more_than_february()
    {
        var parcels = ParcelHistory.Until(End, 50_000).Where(happened => happened.Type == "parcel_registered")
            .CountBy(happened => (happened.Timestamp.Year, happened.Timestamp.Month)).ToDictionary();

        parcels[(2025, 12)].ShouldBeGreaterThan(parcels[(2026, 2)] * 3 / 2);
    }

    [Fact]
    public async Task the_stream_is_read_as_lines_of_json_however_small_the_buffer()
    {
        var history = ParcelHistory.Until(End, 3_000);
        using var reader = new StreamReader(new ParcelStream(history), bufferSize: 7);

        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.SequenceEqual(Lines(history).Select(line => line.TrimEnd('\n'))).ShouldBeTrue();
        var first = JsonDocument.Parse(lines[0]).RootElement;
        first.EnumerateObject().Select(property => property.Name)
            .ShouldBe(["stream", "type", "timestamp", "data", "correlationId", "userName"]);
    }

    private static List<string> Lines(IEnumerable<ParcelEvent> history) =>
        [.. history.Select(happened => Encoding.UTF8.GetString(happened.ToJsonLine()))];
}
