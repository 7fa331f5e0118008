namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>The events of a time window, and the plan that reads only its months.</summary>
internal static class TimeWindow
{
    public static async Task PlayAsync(Scenery scenery)
    {
        var stage = scenery.Stage;
        var (from, to, type, found) = await ChooseAsync(scenery);
        stage.Open("A time window");
        stage.Say($"All {type} from {from:d MMMM yyyy} up to {to:d MMMM yyyy}: {found:N0} events. PostgreSQL plans for "
            + "the months that the window touches, and for no others:");
        string[] query =
        [
            "SELECT * FROM mt_events",
            $" WHERE timestamp >= '{from:yyyy-MM-dd}' AND timestamp < '{to:yyyy-MM-dd}'",
            $"   AND type = '{type}'",
        ];
        stage.Quote([.. query, "", .. await PlanAsync(scenery, string.Concat(query))]);
    }

    // Without the conditions, which say the same for each partition.
    private static async Task<IEnumerable<string>> PlanAsync(Scenery scenery, string query)
    {
        var plan = await scenery.DataSource.RowsAsync(
            $"EXPLAIN (COSTS OFF) {query}", reader => reader.GetString(0), scenery.Cancellation);
        string[] conditions = ["Cond:", "Filter:"];
        return plan.Where(line => !conditions.Any(line.Contains));
    }

    // From the middle of a month to the middle of the next, a year before the last event; the rarest type in it.
    private static async Task<(DateTimeOffset From, DateTimeOffset To, string Type, long Found)> ChooseAsync(
        Scenery scenery)
    {
        var last = await scenery.DataSource.ScalarAsync<DateTime>(
            "SELECT max(timestamp) FROM mt_events", scenery.Cancellation);
        var from = new DateTimeOffset(last.Year - 1, last.Month, 15, 0, 0, 0, TimeSpan.Zero);
        var to = from.AddMonths(1);
        var types = await scenery.DataSource.RowsAsync(
            """
            SELECT type, count(*) FROM mt_events WHERE timestamp >= $1 AND timestamp < $2
             GROUP BY type ORDER BY count(*), type
            """,
            reader => (reader.GetString(0), reader.GetInt64(1)), scenery.Cancellation, from, to);
        var (type, found) = types.FirstOrDefault(("none", 0L));
        return (from, to, type, found);
    }
}
