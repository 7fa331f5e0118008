using MartenEventing.Cli.Demo.Scenes;
using MartenEventing.Events;
using MartenEventing.Partitioning;
using MartenEventing.Retention;

namespace MartenEventing.Cli.Demo.Old;

/// <summary>Which months go, and the two streams that are looked at.</summary>
/// <param name="Age">What is older goes.</param>
/// <param name="Months">The partitions that go.</param>
/// <param name="Living">A stream with events in these months and later ones.</param>
/// <param name="Ended">One that lies whole in one of these months.</param>
/// <param name="EndedIn">In this.</param>
internal sealed record OldCast(
    RetentionAge Age, IReadOnlyList<string> Months, StreamId Living, StreamId Ended, string EndedIn)
{
    private const int MostMonths = 3;

    /// <summary>Null when there is nothing fit to be shown.</summary>
    public static async Task<OldCast?> ChooseAsync(Scenery scenery)
    {
        var now = scenery.Time.GetUtcNow();
        var months = (await scenery.Catalog.ListAsync(scenery.Cancellation))
            .Where(partition => partition.Kind == PartitionKind.Period && partition.To <= now)
            .ToList();
        if (months.Count <= MostMonths)
            return null;
        var floor = months[MostMonths].From!.Value;
        var age = (now.Year - floor.Year) * 12 + now.Month - floor.Month;
        if (age < 2
            || await LivingAsync(scenery, floor) is not { } living
            || await EndedAsync(scenery, floor) is not { } ended)
            return null;
        var last = (await scenery.Store.LoadStreamAsync(ended, cancellationToken: scenery.Cancellation))[^1].Timestamp;
        return new OldCast(
            new RetentionAge(age, RetentionUnit.Month),
            [.. months.Take(MostMonths).Select(month => month.Name)],
            living,
            ended,
            months.Single(month => month.From <= last && last < month.To).Name);
    }

    private static Task<Guid?> LivingAsync(Scenery scenery, DateTimeOffset floor) => FindAsync(
        scenery,
        """
        SELECT stream_id FROM mt_events GROUP BY stream_id HAVING min(timestamp) < $1 AND max(timestamp) >= $1
         ORDER BY count(*) DESC, stream_id LIMIT 1
        """,
        floor);

    private static Task<Guid?> EndedAsync(Scenery scenery, DateTimeOffset floor) => FindAsync(
        scenery,
        """
        SELECT stream_id FROM mt_events WHERE timestamp < $1 GROUP BY stream_id
        HAVING date_trunc('month', min(timestamp), 'UTC') = date_trunc('month', max(timestamp), 'UTC')
           AND count(*) = (SELECT version FROM mt_streams WHERE id = stream_id)
         ORDER BY count(*) DESC, stream_id LIMIT 1
        """,
        floor);

    private static async Task<Guid?> FindAsync(Scenery scenery, string sql, DateTimeOffset floor) =>
        await scenery.DataSource.RowsAsync(sql, reader => reader.GetGuid(0), scenery.Cancellation, floor) is [var found]
            ? found
            : null;
}
