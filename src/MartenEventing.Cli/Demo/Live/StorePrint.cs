using Npgsql;

namespace MartenEventing.Cli.Demo.Live;

/// <summary>What can be compared of a store before and after: its events up to a sequence, and its table.</summary>
internal static class StorePrint
{
    /// <summary>How many events there are up to a sequence, and the sum of a hash over all that they hold.</summary>
    public static async Task<(long Count, decimal Hash)> OfEventsAsync(
        NpgsqlDataSource source, string schema, long upTo, CancellationToken cancellation) =>
        (await source.RowsAsync(
            $"""
             SELECT count(*), coalesce(sum(hashtextextended(e::text, 0)), 0)
               FROM (SELECT seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type,
                            correlation_id, causation_id, headers, user_name, is_archived
                       FROM {schema}.mt_events WHERE seq_id <= $1) AS e
             """,
            reader => (reader.GetInt64(0), reader.GetDecimal(1)), cancellation, upTo))[0];

    /// <summary>Columns, indexes, constraints and triggers of the table of events, one a line.</summary>
    public static Task<string> OfTableAsync(NpgsqlDataSource source, string schema, CancellationToken cancellation) =>
        source.ScalarAsync<string>(
            $"""
             SELECT string_agg(line, E'\n' ORDER BY line) FROM (
                 SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull) FROM pg_attribute
                  WHERE attrelid = '{schema}.mt_events'::regclass AND attnum > 0 AND NOT attisdropped
                 UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index
                  WHERE indrelid = '{schema}.mt_events'::regclass
                 UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                  WHERE conrelid = '{schema}.mt_events'::regclass
                 UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger
                  WHERE tgrelid = '{schema}.mt_events'::regclass AND NOT tgisinternal) AS lines (line)
             """,
            cancellation);

    /// <summary>How many streams lack an event, or have one twice.</summary>
    public static Task<long> GapsAsync(NpgsqlDataSource source, string schema, CancellationToken cancellation) =>
        source.ScalarAsync<long>(
            $"""
             SELECT count(*) FROM (
                 SELECT FROM {schema}.mt_events GROUP BY stream_id
                 HAVING count(*) <> max(version) OR count(DISTINCT version) <> count(*)) AS streams
             """,
            cancellation);
}
