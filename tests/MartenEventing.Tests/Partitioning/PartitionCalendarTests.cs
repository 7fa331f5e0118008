using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Partitioning;

public sealed class PartitionCalendarTests
{
    [Theory]
    [InlineData(PartitionPeriod.Day, "2026-11-20", "mt_events_d20261120")]
    [InlineData(PartitionPeriod.Week, "2026-11-16", "mt_events_w20261116")]
    [InlineData(PartitionPeriod.Month, "2026-11-01", "mt_events_m202611")]
    [InlineData(PartitionPeriod.Quarter, "2026-10-01", "mt_events_q202610")]
    [InlineData(PartitionPeriod.Year, "2026-01-01", "mt_events_y2026")]
    public void periods_begin_and_are_named_in_utc(PartitionPeriod period, string start, string name)
    {
        var friday = new DateTimeOffset(2026, 11, 21, 1, 30, 0, TimeSpan.FromHours(2));

        PartitionCalendar.StartOf(friday, period).ToString("yyyy-MM-dd zzz").ShouldBe(start + " +00:00");
        PartitionCalendar.NameOf(PartitionCalendar.StartOf(friday, period), period).ShouldBe(name);
    }

    [Fact]
    public async Task the_server_reckons_the_same()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var random = new Random(4711);
        var (first, last) = (new DateTime(1970, 1, 1).Ticks, new DateTime(2200, 1, 1).Ticks);
        foreach (var period in Enum.GetValues<PartitionPeriod>())
        {
            var instants = Enumerable.Range(0, 200)
                .Select(_ => new DateTime(random.NextInt64(first, last) / 10 * 10, DateTimeKind.Utc)).ToArray();

            var server = await store.ColumnAsync<string>(
                """
                SELECT to_char(mt_period_add(mt_period_start(i, $2), $2, 7) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
                       || ' mt_events_' || mt_period_suffix(mt_period_start(i, $2), $2) FROM unnest($1) i
                """,
                instants, period.SqlName());

            server.ShouldBe(instants.Select(at => PartitionCalendar.StartOf(at, period))
                .Select(start => $"{PartitionCalendar.Add(start, period, 7):yyyy-MM-dd HH:mm:ss} "
                    + PartitionCalendar.NameOf(start, period)).ToList());
        }
    }
}
