using MartenEventing.Events;
using MartenEventing.TestSupport.Postgres;
using Npgsql;

namespace MartenEventing.TestSupport.Importing;

public static class ImportedEvents
{
    public static Task<ImportReport> ImportAsync(
        this StoreDatabase store, Stream input, ImportOptions? options = null) =>
        new EventImporter(store.DataSource).ImportAsync(input, options);

    /// <summary>
    /// Asserts that the store holds each of these lines once; that versions are 1 to n and, like the sequence, in the
    /// order of the lines; that no event lies outside the span that its stream tells of. An import that was interrupted
    /// between the two halves of a batch has taken up the sequence anew.
    /// </summary>
    public static async Task ShouldHoldLinesAsync(this NpgsqlDataSource source, int count, bool interrupted = false)
    {
        (await source.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(count);
        (await source.ScalarAsync<long>(
            "SELECT count(DISTINCT n) FROM (SELECT (data ->> 'n')::int n FROM mt_events) e WHERE n BETWEEN 1 AND $1",
            count))
            .ShouldBe(count);
        foreach (var order in interrupted ? ["PARTITION BY stream_id ORDER BY version"] : (string[])
            ["PARTITION BY stream_id ORDER BY version", "ORDER BY seq_id"])
            (await source.ScalarAsync<long>(
                $"""
                 SELECT count(*)
                        FROM (SELECT (data ->> 'n')::int AS n, lag((data ->> 'n')::int) OVER ({order}) AS before
                                         FROM mt_events) e WHERE before >= n
                 """)).ShouldBe(0, order);
        await source.ShouldHaveVersionsInOrderAsync();
    }

    public static async Task ShouldHaveVersionsInOrderAsync(this NpgsqlDataSource source)
    {
        (await source.ColumnAsync<string>(
            """
            SELECT format('%s: told %s, %s events, versions %s to %s', s.id, s.version, e.n, e.low, e.high)
              FROM mt_streams s
              FULL JOIN (SELECT stream_id, count(DISTINCT version) n, min(version) low, max(version) high
                           FROM mt_events GROUP BY stream_id) e ON e.stream_id = s.id
             WHERE (e.n, e.low, e.high) IS DISTINCT FROM (s.version, 1, s.version)
            """)).ShouldBeEmpty();
        (await source.ColumnAsync<string>(
            """
            SELECT format('%s %s', stream_id, version)
              FROM (SELECT stream_id, version, seq_id,
                           lag(seq_id) OVER (PARTITION BY stream_id ORDER BY version) AS before FROM mt_events) e
             WHERE before > seq_id
            """)).ShouldBeEmpty();
        (await source.ColumnAsync<string>(
            """
            SELECT format('%s %s at %s', e.stream_id, e.version, e.timestamp)
              FROM mt_events e
              JOIN mt_streams s ON s.id = e.stream_id
              LEFT JOIN mt_stream_bounds b ON b.stream_id = s.id
             WHERE e.timestamp NOT BETWEEN least(s.created - interval '10 minutes', b.earliest)
                                       AND greatest(s.timestamp + interval '10 minutes', b.latest)
            """)).ShouldBeEmpty();
    }

    /// <summary>The partitions of events that lie in another than that of their UTC month.</summary>
    public static Task<List<string>> MisplacedAsync(this NpgsqlDataSource source) => source.ColumnAsync<string>(
        """
        SELECT DISTINCT format('%s in %s', timestamp, tableoid::regclass) FROM mt_events
         WHERE tableoid::regclass::text <> 'mt_events_m' || to_char(timestamp AT TIME ZONE 'UTC', 'YYYYMM')
        """);
}
