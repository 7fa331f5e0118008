namespace MartenEventing.Tests.Security;

/// <summary>What is tried with a store, in the words of docs/security.md, and its SQL; LEAF: a partition.</summary>
internal static class RightsTable
{
    private const string One = "'0193c1a0-0000-7000-8000-000000000001'";
    private const string Held = "'0193c1a0-0000-7000-8000-000000000002'";

    public static IReadOnlyList<(string What, string[] Sql)> Rows { get; } =
    [
        ("read a stream", [$"SELECT * FROM mt_events WHERE stream_id = {One}", "SELECT * FROM mt_streams"]),
        ("read a partition by its name", ["SELECT * FROM LEAF"]),
        ("read the views on partitions and indexes",
            ["SELECT * FROM event_store_partition_overview", "SELECT * FROM event_store_index_usage"]),
        ("read the view on recent activity", ["SELECT * FROM event_store_recent_activity"]),
        ("append events", [
            $"SELECT mt_append_to_stream({One}, NULL, 2, ARRAY[gen_random_uuid()], ARRAY['a'], ARRAY[NULL], "
            + "ARRAY['{}'::jsonb], ARRAY[now()], ARRAY[NULL], ARRAY[NULL], ARRAY[NULL], ARRAY[NULL::jsonb], "
            + "'*DEFAULT*')"]),
        ("archive a stream, as Marten does", [
            $"UPDATE mt_streams SET is_archived = true WHERE id = {One}",
            $"UPDATE mt_events SET is_archived = true WHERE stream_id = {One}"]),
        ("delete a stream with its events", [$"DELETE FROM mt_streams WHERE id = {One}"]),
        ("note how far a projection has come",
            ["INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('a', 1)"]),
        ("note how far an import has come", ["INSERT INTO mt_import_progress (source, lines) VALUES ('a', 1)"]),
        ("change an event", [$"UPDATE mt_events SET data = '[]' WHERE stream_id = {One}"]),
        ("change an event of a store that is append-only",
            ["APPEND-ONLY", $"UPDATE mt_events SET data = '[]' WHERE stream_id = {One}"]),
        ("change an event under a legal hold", [$"UPDATE mt_events SET data = '[]' WHERE stream_id = {Held}"]),
        ("delete single events", [$"DELETE FROM mt_events WHERE stream_id = {One}"]),
        ("TRUNCATE a partition without events", ["TRUNCATE mt_events_tail"]),
        ("DROP a partition", ["DROP TABLE LEAF"]),
        ("place and lift a legal hold",
            [$"SELECT mt_place_hold('stream', {One}, 'a suit')", "SELECT mt_lift_hold(max(1))"]),
        ("read legal holds", ["SELECT * FROM mt_legal_holds"]),
        ("change what is on record about legal holds", ["UPDATE mt_legal_holds SET reason = 'none'"]),
        ("read what was removed, archived, converted and applied", [
            "SELECT * FROM mt_removed_partitions", "SELECT * FROM mt_partition_archives",
            "SELECT * FROM mt_retention_run", "SELECT * FROM mt_conversion", "SELECT * FROM mt_migrations"]),
        ("make a partition", ["SELECT create_monthly_partition('2020-01-01')"]),
        ("seal a partition", ["SELECT mt_seal_partition('mt_events_m202001')"]),
        ("run retention", ["SELECT drop_old_partitions(120)"]),
        ("make the store append-only, or lift that", ["SELECT mt_enforce_append_only(true)"]),
        ("say how many tenants there may be", ["SELECT mt_limit_tenants(10)"]),
        ("drop the guard", ["DROP TRIGGER mt_guard_event ON mt_events"]),
        ("make tables or functions in the schema", ["CREATE TABLE mine (id integer)"]),
    ];
}
