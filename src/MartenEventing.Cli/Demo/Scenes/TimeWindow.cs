using MartenEventing.Events;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>The events of a time window, and the plan that reads only its months.</summary>
internal static class TimeWindow
{
    private const int Shown = 3;

    public static async Task PlayAsync(Scenery scenery)
    {
        var stage = scenery.Stage;
        var window = await ChooseAsync(scenery);
        stage.Open("A time window");
        var found = (await scenery.Store.QueryAsync(window, scenery.Cancellation)).Events;
        stage.Say($"All {window.Types[0]} from {window.From:d MMMM yyyy} up to "
            + $"{window.To:d MMMM yyyy}: {found.Count:N0} events. The last {Math.Min(Shown, found.Count)}:");
        stage.Show(["timestamp", ">sequence", "data"], found.Take(Shown).Select(Row));
        stage.Say("PostgreSQL plans for the months that the window touches, and for no others:");
        string[] query =
        [
            "SELECT * FROM mt_events",
            $" WHERE timestamp >= '{window.From:yyyy-MM-dd}' AND timestamp < '{window.To:yyyy-MM-dd}'",
            $"   AND type = '{window.Types[0]}'",
        ];
        stage.Quote([.. query, "", .. await PlanAsync(scenery, string.Concat(query))]);
    }

    // Without the conditions, which say the same for each partition.
    private static async Task<IEnumerable<string>> PlanAsync(Scenery scenery, string query)
    {
        string[] conditions = ["Cond:", "Filter:"];
        var plan = await scenery.DataSource.RowsAsync(
            $"EXPLAIN (COSTS OFF) {query}", reader => reader.GetString(0), scenery.Cancellation);
        return plan.Where(line => !conditions.Any(line.Contains));
    }

    // From the middle of a month to the middle of the next, a year before the last event; the rarest type in it.
    private static async Task<EventQuery> ChooseAsync(Scenery scenery)
    {
        var last = await scenery.DataSource.ScalarAsync<DateTime>(
            "SELECT max(timestamp) FROM mt_events", scenery.Cancellation);
        var from = new DateTimeOffset(last.Year - 1, last.Month, 15, 0, 0, 0, TimeSpan.Zero);
        var to = from.AddMonths(1);
        var types = await scenery.DataSource.RowsAsync(
            """
            SELECT type FROM mt_events WHERE timestamp >= $1 AND timestamp < $2
             GROUP BY type ORDER BY count(*), type LIMIT 1
            """,
            reader => reader.GetString(0), scenery.Cancellation, from, to);
        return new EventQuery
        {
            Types = [types.FirstOrDefault("none")],
            From = from,
            To = to,
            Order = EventOrder.TimeDescending,
            PageSize = 10_000,
        };
    }

    private static string[] Row(StoredEvent stored) =>
        [$"{stored.Timestamp:yyyy-MM-dd HH:mm:ss}", $"{stored.Sequence:N0}", stored.ShortData(60)];
}
