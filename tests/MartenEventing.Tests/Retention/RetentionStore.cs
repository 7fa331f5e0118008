using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;

namespace MartenEventing.Tests.Retention;

/// <summary>A store with partitions of the past, and retention on it that does not wait long.</summary>
internal static class RetentionStore
{
    /// <summary>Streams go whose newest event is older than three months.</summary>
    public static readonly RetentionOptions ThreeMonths = new()
    {
        OlderThan = RetentionAge.Parse("3mo"), LockBackOff = TimeSpan.FromMilliseconds(5), BatchShare = 1,
        GiveUpAfter = TimeSpan.FromSeconds(20),
    };

    public static StoreRetention Retention(
        this StoreDatabase store, RetentionOptions? options = null, Func<string, StepMoment, Task>? observer = null,
        TimeProvider? time = null) =>
        new(store.DataSource, store.Schema, options ?? ThreeMonths, time) { Observer = observer };

    /// <summary>All streams as "id: versions".</summary>
    public static Task<List<string>> StreamsAsync(this StoreDatabase store) => store.ColumnAsync<string>(
        """
        SELECT s.id || ': ' || coalesce((SELECT string_agg(e.version::text, ' ' ORDER BY e.version) FROM mt_events e
                                          WHERE e.stream_id = s.id AND e.tenant_id = s.tenant_id), '')
          FROM mt_streams s ORDER BY s.tenant_id, s.id
        """);

    /// <summary>What a run must not leave behind.</summary>
    public static async Task ShouldBeTidyAsync(this StoreDatabase store)
    {
        (await store.ColumnAsync<string>(
            """
            SELECT relname::text FROM pg_class WHERE relname ~ '^mt_(retain|expired)_'
             UNION ALL SELECT tgname::text FROM pg_trigger WHERE tgname = 'mt_note_change'
             UNION ALL SELECT state FROM mt_retention_run WHERE state NOT IN ('done', 'abandoned')
             UNION ALL SELECT 'stream to remove' FROM mt_retention_streams
            """)).ShouldBeEmpty();
    }

    /// <summary>A stream id that is easy to read.</summary>
    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
