using MartenEventing.Schema;

namespace MartenEventing.Tests.Security;

public sealed class FunctionRightsTests
{
    /// <summary>
    /// Those whose bodies name everything in full, because a pinned search_path would cost too much there.
    /// </summary>
    private static readonly string[] InFull =
    [
        "mt_claim_withdrawn", "mt_guard_begin", "mt_guard_catch_up", "mt_guard_commit", "mt_guard_escaped",
        "mt_guard_event", "mt_guard_first", "mt_guard_go_on", "mt_guard_is", "mt_guard_is_left",
        "mt_guard_is_present", "mt_guard_is_within", "mt_guard_key", "mt_guard_name", "mt_guard_note", "mt_guard_owe",
        "mt_guard_place", "mt_guard_set_free", "mt_guard_span", "mt_guard_state", "mt_guard_statement",
        "mt_guard_stream_insert", "mt_guard_stream_update", "mt_guard_take", "mt_guard_unvouch", "mt_guard_vouch",
        "mt_vouched",
    ];

    /// <summary>
    /// Without the schema's name in them, what calls others of the schema is pinned, unless it is an expression in SQL.
    /// </summary>
    private static readonly string[] InFullByPsql =
    [
        "mt_claim_withdrawn", "mt_guard_begin", "mt_guard_catch_up", "mt_guard_escaped", "mt_guard_go_on",
        "mt_guard_is", "mt_guard_is_left", "mt_guard_is_present", "mt_guard_is_within", "mt_guard_key",
        "mt_guard_name", "mt_guard_place", "mt_guard_set_free", "mt_guard_span", "mt_guard_state", "mt_guard_unvouch",
        "mt_vouched",
    ];

    [Theory, EveryMaking]
    public async Task nobody_may_call_a_function_but_those_that_everybody_needs(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);
        var role = await store.RoleAsync();

        var open = await store.Owner.ColumnAsync<string>(
            """
            SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
               AND has_function_privilege($1, p.oid, 'EXECUTE') ORDER BY 1
            """, role.Name);

        open.ShouldBe(FunctionRights.OpenToPublic);
        (await store.Owner.ColumnAsync<string>(
                "SELECT proname::text FROM pg_proc WHERE proname = ANY ($1) AND prosecdef", (object)open.ToArray()))
            .ShouldBeEmpty();
    }

    [Theory, EveryMaking]
    public async Task every_function_pins_its_search_path_or_names_all_in_full(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);

        var paths = await store.Owner.ColumnAsync<string>(
            """
            SELECT p.proname || ': ' || coalesce((SELECT c FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%'), '')
              FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace ORDER BY p.proname COLLATE "C"
            """);

        string[] pinned =
        [
            "search_path=pg_catalog, public, pg_temp", "search_path=public, pg_temp", "search_path=pg_catalog, pg_temp",
            """search_path=pg_catalog, "public", pg_temp""",
        ];
        paths.Where(line => !pinned.Contains(line.Split(": ")[1])).Select(line => line.Split(':')[0])
            .ShouldBe(making == Making.ByPsql ? InFullByPsql : InFull);
    }

    [Theory, EveryMaking]
    public async Task nobody_has_rights_on_partitions_and_staged_tables_whatever_the_default_privileges(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(
            making,
            "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS " +
            "TO PUBLIC");
        await store.Owner.ExecuteAsync("SELECT mt_settle_rights()");
        if (making != Making.ByTenant)
            await store.Owner.ExecuteAsync(
                "SELECT mt_stage_restore('mt_restoring_0123456789ab', '2020-01-01', '2020-02-01', " +
                "ARRAY['mt_streams'])");

        (await store.Owner.ColumnAsync<string>(
            """
            SELECT c.relname::text FROM pg_class c, aclexplode(c.relacl) a
             WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner AND c.relkind IN ('r', 'p')
               AND (c.relispartition OR c.relname ~ '^mt_(restoring|retain|expired)_' OR c.relname = 'mt_events_plain')
            """)).ShouldBeEmpty();
        (await store.Owner.ColumnAsync<string>(
            """
            SELECT p.proname::text FROM pg_proc p, aclexplode(p.proacl) a
             WHERE p.pronamespace = 'public'::regnamespace AND a.grantee <> p.proowner
               AND (p.prosecdef OR p.prorettype = 'trigger'::regtype)
               AND p.proname NOT IN (SELECT entry FROM mt_entry_points())
            """)).ShouldBeEmpty();
    }

    [Fact]
    public async Task all_that_an_entry_point_calls_is_an_entry_point_of_those_who_may_call_it()
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        await store.Owner.ExecuteAsync("SELECT mt_seal_partition(name) FROM mt_partitions() WHERE kind = 'head'");
        var reader = await store.RoleAsync("GRANT SELECT ON mt_events, mt_streams, mt_event_progression, " +
            "mt_event_projection_floors TO {role}; SELECT mt_settle_rights()");
        var writer = await store.RoleAsync(
            "GRANT SELECT, INSERT, UPDATE ON mt_events, mt_streams TO {role}; GRANT USAGE ON "
            + "mt_events_sequence TO {role}; "
            + "SELECT mt_settle_rights()");

        (await reader.TryAsync(
            "SELECT * FROM mt_all_partitions()", "SELECT * FROM mt_partitions()", "SELECT * FROM mt_tenants()",
            "SELECT mt_tenant_table('x'), mt_leaf_prefix(), mt_store_period(), mt_maintenance_lock(), " +
            "mt_rebuild_lock()",
            "SELECT mt_period_add(mt_period_start(now(), 'week'), 'week', 1), mt_period_suffix(now(), 'week')",
            "SELECT * FROM mt_recent_activity()", "SELECT * FROM mt_projection_progress()",
            "SELECT mt_use_tenant(NULL)"))
            .ShouldAllBe(outcome => outcome == "done");
        (await writer.TryAsync(
            "SELECT mt_append_to_stream(gen_random_uuid(), NULL, 0, ARRAY[gen_random_uuid()], ARRAY['a'], ARRAY[NULL], "
            + "ARRAY['{}'::jsonb], ARRAY['2001-01-01'::timestamptz], ARRAY[NULL], ARRAY[NULL], ARRAY[NULL], "
            + "ARRAY[NULL::jsonb], '*DEFAULT*')",
            "SELECT mt_append_events(ARRAY[gen_random_uuid()], ARRAY[NULL], ARRAY[0], ARRAY[1], "
            + "ARRAY[gen_random_uuid()], ARRAY['a'], "
            + "ARRAY[NULL], ARRAY['{}'::jsonb], ARRAY[NULL::timestamptz], ARRAY[NULL], ARRAY[NULL], ARRAY[NULL], "
            + "ARRAY[NULL::jsonb], '*DEFAULT*')",
            "BEGIN", "INSERT INTO mt_streams (id, version) VALUES ('0193c1a0-0000-7000-8000-000000000009', 0)",
            "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) VALUES "
            + "(nextval('mt_events_sequence'), gen_random_uuid(), '0193c1a0-0000-7000-8000-000000000009', "
            + "1, '{}', 'a', now())",
            "SELECT mt_draw_sequences(3), mt_reserve_streams(ARRAY[gen_random_uuid()], ARRAY[1], ARRAY[now()], " +
            "ARRAY[now()], '*DEFAULT*')",
            "ROLLBACK"))
            .ShouldAllBe(outcome => outcome == "done");
    }
}
