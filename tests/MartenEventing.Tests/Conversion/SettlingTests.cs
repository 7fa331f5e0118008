using MartenEventing.Conversion;
using Npgsql;

namespace MartenEventing.Tests.Conversion;

public sealed class SettlingTests
{
    /// <summary>
    /// Without statistics, and with those of a large store, the planner believes in longer streams than there are; then
    /// the index on time would seem the way to a stream's first and last event.
    /// </summary>
    [Fact]
    public async Task streams_are_read_by_their_own_index_whatever_the_planner_thinks_of_their_length()
    {
        await using var store = await PlainStore.CreateAsync(5_000, statistics: false);
        var source = store.Database.DataSource;

        await store.Conversion().StartAsync();
        source.Clear(); // a backend writes its statistics when it ends

        (await Until.IsAsync(
            () => ReadThroughAsync(source, "(stream_id, version)"), read => read >= 5_000, "statistics are written"))
            .ShouldBeLessThan(50_000);
        (await ReadThroughAsync(source, "(\"timestamp\")")).ShouldBeLessThan(50_000);
    }

    /// <summary>Entries read in indexes of mt_events on these columns.</summary>
    private static Task<long> ReadThroughAsync(NpgsqlDataSource source, string columns) => source.ScalarAsync<long>(
        """
        SELECT coalesce(sum(s.idx_tup_read), 0)::bigint FROM pg_stat_all_indexes s
         WHERE s.relname LIKE 'mt_events%' AND pg_get_indexdef(s.indexrelid) LIKE '%' || $1 || '%'
        """, columns);
}
