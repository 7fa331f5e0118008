using MartenEventing.Conversion;
using MartenEventing.Tests.Conversion;
using MartenEventing.Tests.Tenants;
using Npgsql;

namespace MartenEventing.Tests.Security;

/// <summary>Attacks by a role that may read and write events, as an application does.</summary>
public sealed class WriterTests
{
    private const string Refused = "42501";
    private const string Kept = "23001";
    private const string One = "'0193c1a0-0000-7000-8000-000000000001'";
    private const string Application =
        """
        GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON mt_events, mt_streams TO {role};
        GRANT USAGE ON SEQUENCE mt_events_sequence TO {role};
        SELECT mt_settle_rights();
        """;

    private const string OfLongAgo =
        """
        SELECT create_monthly_partition('2020-01-01');
        INSERT INTO mt_streams (id, version, created, timestamp)
        VALUES ('0193c1a0-0000-7000-8000-00000000000a', 2, '2020-01-05', '2020-01-05');
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        SELECT nextval('mt_events_sequence'), gen_random_uuid(), '0193c1a0-0000-7000-8000-00000000000a', v, '{}', 'a',
               '2020-01-05'
          FROM generate_series(1, 2) v;
        """;

    [Theory, EveryMaking]
    public async Task append_only_is_lifted_by_no_writer(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);
        var app = await store.RoleAsync(Application);
        await store.Owner.ExecuteAsync("SELECT mt_enforce_append_only()");
        var leaf = await store.Owner.ScalarAsync<string>("SELECT tableoid::regclass::text FROM mt_events LIMIT 1");

        (await app.TryAsync(
            "BEGIN", "SELECT set_config('mt_append_only.expiring', pg_current_xact_id()::text, true)",
            "DELETE FROM mt_events", "ROLLBACK",
            "BEGIN", "SELECT set_config('mt_append_only.expiring', pg_current_xact_id()::text, true)",
            "DELETE FROM mt_streams", "ROLLBACK",
            "BEGIN", "SELECT set_config('mt_guard.next', pg_current_xact_id()::text, true)",
            "DELETE FROM mt_streams", "ROLLBACK",
            "DELETE FROM mt_streams", "UPDATE mt_events SET data = '[]'", "TRUNCATE mt_events",
            $"TRUNCATE {leaf}", $"DELETE FROM {leaf}", $"UPDATE {leaf} SET data = '[]'",
            "SELECT mt_enforce_append_only(false)"))
            .ShouldBe([
                "done", "done", Kept, "done", "done", "done", Kept, "done", "done", "done", Kept, "done",
                Kept, Kept, Kept, Refused, Refused, Refused, Refused,
            ]);

        (await app.TryAsync("TRUNCATE mt_streams CASCADE"))[0].ShouldBeOneOf(Kept, Refused);
        (await store.Owner.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE data = '{}'")).ShouldBe(4);
    }

    [Fact]
    public async Task what_retention_stages_is_not_changed_by_a_writer_nor_is_what_it_notes_kept_from_it()
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        var app = await store.RoleAsync(Application);
        await store.Owner.ExecuteAsync(
            OfLongAgo + """
            SELECT mt_begin_retention(ARRAY['mt_events_m202001'], '2021-01-01');
            SELECT mt_choose_streams();
            SELECT mt_copy_retained();
            """);
        var staged = await store.Owner.ScalarAsync<string>(
            "SELECT relname::text FROM pg_class WHERE relname LIKE 'mt\\_retain\\_%' AND relkind = 'r'");

        (await app.TryAsync(
            $"UPDATE {staged} SET data = '[]'", $"SELECT * FROM {staged}", "SELECT * FROM mt_retention_run",
            "BEGIN", "SELECT set_config('mt_append_only.expiring', pg_current_xact_id()::text, true)",
            "UPDATE mt_events SET data = '[1]' WHERE timestamp < '2021-01-01'", "COMMIT"))
            .ShouldBe([Refused, Refused, Refused, "done", "done", "done", "done"]);

        (await store.Owner.ScalarAsync<long>("SELECT count(*) FROM mt_retention_changes")).ShouldBeGreaterThan(0);
        await store.Owner.ExecuteAsync("SELECT mt_catch_up()");
        await store.Owner.ExecuteAsync("SELECT mt_swap_retained()");
        (await store.Owner.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE data = '[1]'")).ShouldBe(2);
    }

    [Theory, EveryMaking]
    public async Task what_is_under_a_hold_is_neither_changed_nor_removed(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);
        var app = await store.RoleAsync(Application);
        await store.Owner.ExecuteAsync($"SELECT mt_place_hold('stream', {One}, 'a suit')");

        (await app.TryAsync(
            $"DELETE FROM mt_streams WHERE id = {One}", $"DELETE FROM mt_events WHERE stream_id = {One}",
            $"UPDATE mt_events SET data = '[]' WHERE stream_id = {One}",
            $"UPDATE mt_events SET is_archived = true WHERE stream_id = {One}",
            $"UPDATE mt_streams SET is_archived = true WHERE id = {One}", "TRUNCATE mt_events",
            $"UPDATE mt_streams SET version = version, timestamp = now() WHERE id = {One}",
            "DELETE FROM mt_events WHERE stream_id = '0193c1a0-0000-7000-8000-000000000002'"))
            .ShouldBe([Kept, Kept, Kept, Kept, Kept, Kept, "done", "done"]);

        await store.Owner.ExecuteAsync("SELECT mt_lift_hold(1)");
        (await app.TryAsync($"DELETE FROM mt_events WHERE stream_id = {One}")).ShouldBe(["done"]);
    }

    [Fact]
    public async Task what_was_written_about_holds_is_changed_by_nobody()
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        await store.Owner.ExecuteAsync("SELECT mt_place_hold('tenant', 'acme', 'a suit'), mt_lift_hold(1)");

        foreach (var sql in (string[])["UPDATE mt_legal_holds SET lifted_by = 'x'",
            "UPDATE mt_legal_holds SET reason = 'x'",
                     "DELETE FROM mt_legal_holds", "TRUNCATE mt_legal_holds"])
            (await Should.ThrowAsync<PostgresException>(() => store.Owner.ExecuteAsync(sql))).SqlState.ShouldBe(
                Kept, sql);
    }

    [Theory]
    [InlineData("READ COMMITTED", Kept)]
    [InlineData("REPEATABLE READ", "40001")]
    public async Task a_hold_that_is_placed_beside_a_removal_is_before_it_or_after_it(string isolation, string outcome)
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        var app = await store.RoleAsync(Application);
        await using var connection = await app.DataSource.OpenConnectionAsync();
        await connection.RunAsync($"BEGIN ISOLATION LEVEL {isolation}");
        await connection.RunAsync("SELECT count(*) FROM mt_events");

        await store.Owner.ExecuteAsync($"SELECT mt_place_hold('stream', {One}, 'a suit')");

        (await Should.ThrowAsync<PostgresException>(
                () => connection.RunAsync($"DELETE FROM mt_events WHERE stream_id = {One}")))
            .SqlState.ShouldBe(outcome);
    }

    [Fact]
    public async Task a_hold_waits_for_a_removal_that_is_under_way()
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        var app = await store.RoleAsync(Application);
        await using var connection = await app.DataSource.OpenConnectionAsync();
        await connection.RunAsync("BEGIN");
        await connection.RunAsync($"DELETE FROM mt_events WHERE stream_id = {One}");

        (await Should.ThrowAsync<PostgresException>(() => store.Owner.ExecuteAsync(
                $"SET lock_timeout = '50ms'; SELECT mt_place_hold('stream', {One}, 'a suit')")))
            .SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
    }

    [Fact]
    public async Task a_helper_compiled_under_ones_own_types_is_not_run_by_the_owner()
    {
        await using var store = await SecuredStore.CreateAsync(Making.ByTenant);
        var app = await store.RoleAsync(Application);

        var outcomes = await app.TryAsync(
            "CREATE FUNCTION pg_temp.pwn(pg_catalog.regclass) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
            + "IF current_user <> session_user THEN EXECUTE 'ALTER ROLE {role} SUPERUSER'; END IF; RETURN true; END $$",
            "CREATE DOMAIN pg_temp.regclass AS pg_catalog.regclass CHECK (pg_temp.pwn(VALUE))",
            "SET search_path = pg_temp, pg_catalog, public", "SELECT public.mt_tenant_table('zzz') IS NULL",
            "SELECT public.mt_claim_withdrawn('public.mt_partition_epoch', 0), public.mt_vouched('from')",
            "RESET search_path",
            "INSERT INTO public.mt_streams (id, tenant_id, version) VALUES (gen_random_uuid(), 'newtenant', 0)");

        outcomes[^1].ShouldBe("done");
        await app.ShouldHaveGainedNothingAsync();
        (await store.Owner.ScalarAsync<long>("SELECT count(*) FROM mt_tenants() WHERE tenant = 'newtenant'"))
            .ShouldBe(1);
    }

    [Theory, EveryMaking]
    public async Task operators_functions_and_types_of_ones_own_are_not_used(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);
        var app = await store.RoleAsync(Application);
        await HostileSchema.CreateAsync(store.Owner);
        await using var hostile = HostileSchema.Visit(app.DataSource.ConnectionString + ";Password=secret");

        foreach (var sql in (string[])[
                     "INSERT INTO public.mt_streams (id, version) VALUES ('0193c1a0-0000-7000-8000-00000000000c', 1)",
                     "INSERT INTO public.mt_events (seq_id, id, stream_id, version, data, type, timestamp) SELECT "
                     + "pg_catalog.nextval('public.mt_events_sequence'), pg_catalog.gen_random_uuid(), "
                     + "'0193c1a0-0000-7000-8000-00000000000c', v, '{}', 'a', pg_catalog.now() "
                     + "FROM pg_catalog.generate_series(1, 3) v",
                     "UPDATE public.mt_streams SET version = 3, timestamp = pg_catalog.now() "
                     + "WHERE id OPERATOR(pg_catalog.=) '0193c1a0-0000-7000-8000-00000000000c'",
                     "SELECT public.mt_append_to_stream('0193c1a0-0000-7000-8000-00000000000c', NULL, 3, "
                     + "ARRAY[pg_catalog.gen_random_uuid()], ARRAY['a'], ARRAY[NULL], ARRAY['{}'::pg_catalog.jsonb], "
                     + "ARRAY['2001-01-01'::pg_catalog.timestamptz], ARRAY[NULL], ARRAY[NULL], ARRAY[NULL], "
                     + "ARRAY[NULL::pg_catalog.jsonb], '*DEFAULT*')",
                     "UPDATE public.mt_events SET data = '[]' "
                     + "WHERE stream_id OPERATOR(pg_catalog.=) '0193c1a0-0000-7000-8000-00000000000c'",
                     "DELETE FROM public.mt_events "
                     + "WHERE stream_id OPERATOR(pg_catalog.=) '0193c1a0-0000-7000-8000-00000000000c'"])
            await hostile.ExecuteAsync(sql);

        (await HostileSchema.SizeAsync(hostile)).ShouldBeGreaterThan(1_000);
        (await HostileSchema.RunsAsync(hostile)).ShouldBe(0);
    }

    [Theory, EveryMaking]
    public async Task a_temporary_table_in_the_place_of_the_streams_is_not_written_by_the_owner(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);
        var app = await store.RoleAsync(Application);

        await app.TryAsync(
            "CREATE TEMP TABLE mt_streams (LIKE public.mt_streams)",
            "INSERT INTO mt_streams SELECT * FROM public.mt_streams",
            "GRANT ALL ON pg_temp.mt_streams TO PUBLIC",
            "CREATE FUNCTION pg_temp.pwn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER ROLE {role} " +
            "SUPERUSER'; RETURN NEW; END $$",
            "CREATE TRIGGER x BEFORE INSERT OR UPDATE ON pg_temp.mt_streams FOR EACH ROW EXECUTE FUNCTION " +
            "pg_temp.pwn()",
            "INSERT INTO public.mt_events (seq_id, id, stream_id, version, data, type, timestamp) VALUES "
            + $"(nextval('public.mt_events_sequence'), gen_random_uuid(), {One}, 8, '{{}}', 'a', now())",
            "UPDATE public.mt_streams SET version = 8", "DELETE FROM public.mt_streams");

        await app.ShouldHaveGainedNothingAsync();
    }

    [Theory]
    [InlineData("tenant", "'*DEFAULT*'", "NULL")]
    [InlineData("stream", One, "'*DEFAULT*'")]
    public async Task a_stream_does_not_leave_its_hold_by_another_tenant(string kind, string value, string tenant)
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        var app = await store.RoleAsync(Application);
        await store.Owner.ExecuteAsync($"SELECT mt_place_hold('{kind}', {value}, 'a suit', {tenant})");

        (await app.TryAsync($"UPDATE mt_streams SET tenant_id = 'other' WHERE id = {One}")).ShouldBe([Kept]);
    }

    [Fact]
    public async Task what_the_store_keeps_on_record_is_written_by_the_owner_alone_whatever_was_granted()
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        await store.Owner.ExecuteAsync(
            "SELECT mt_place_hold('tenant', 'acme', 'a suit'); SELECT mt_seal_partition('mt_events_head')");
        var app = await store.RoleAsync(
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}; GRANT ALL ON ALL SEQUENCES IN SCHEMA " +
            "public TO {role}; " + Application);

        (await app.TryAsync(
            "UPDATE mt_legal_holds SET lifted_at = now(), lifted_by = 'judge'",
            "INSERT INTO mt_legal_holds (kind, value, reason) VALUES ('tenant', 'x', 'y')",
            "INSERT INTO mt_retention_run (state, leaves, lower_bound, upper_bound, floor, removing) "
            + "VALUES ('begun', '{}', now(), now(), now(), pg_current_xact_id())",
            "SELECT setval('mt_events_head_claim', 6, true)", "SELECT setval('mt_partition_epoch', 1)",
            "CREATE TRIGGER zz BEFORE UPDATE ON mt_streams FOR EACH ROW EXECUTE FUNCTION " +
            "suppress_redundant_updates_trigger()",
            "INSERT INTO mt_tenant_limit VALUES (true, 1)"))
            .ShouldAllBe(outcome => outcome == Refused);
        (await app.TryAsync("SELECT * FROM mt_legal_holds", "SELECT nextval('mt_events_sequence')")).ShouldBe(
            ["done", "done"]);
    }

    [Fact]
    public async Task policies_that_are_forced_on_the_owner_keep_retention_and_deletions_from_half_of_the_events()
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        await store.Owner.ExecuteAsync(OfLongAgo);
        var owner = await store.RoleAsync();
        await store.Superuser.ExecuteAsync(
            """
            GRANT ALL ON SCHEMA public TO {role};
            DO $$ DECLARE item text; BEGIN
                FOR item IN SELECT format('ALTER TABLE %s OWNER TO {role}', c.oid::regclass) FROM pg_class c
                             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                    UNION ALL SELECT format('ALTER FUNCTION %s OWNER TO {role}', p.oid::regprocedure) FROM pg_proc p
                               WHERE p.pronamespace = 'public'::regnamespace LOOP
                    EXECUTE item;
                END LOOP;
            END $$;
            ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY; ALTER TABLE mt_events FORCE ROW LEVEL SECURITY;
            CREATE POLICY t ON mt_events USING (tenant_id = current_setting('app.tenant', true));
            """.Replace("{role}", owner.Name, StringComparison.Ordinal));

        (await owner.TryAsync("SELECT drop_old_partitions(24)", "DELETE FROM mt_streams")).ShouldBe([Refused, Refused]);
        (await store.Superuser.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(6);
        await store.Superuser.ExecuteAsync("ALTER TABLE mt_events NO FORCE ROW LEVEL SECURITY");
    }

    [Fact]
    public async Task a_plain_store_promises_no_hold_and_one_that_stands_keeps_the_store_partitioned()
    {
        await using var converted = await SecuredStore.CreateAsync(Making.Converted);
        await converted.Owner.ExecuteAsync($"SELECT mt_place_hold('stream', {One}, 'a suit')");

        await Should.ThrowAsync<ConversionStateException>(
            () => new StoreConversion(converted.Owner, "public", PlainStore.Options).RollbackAsync());

        var app = await converted.RoleAsync(Application);
        (await app.TryAsync($"DELETE FROM mt_events WHERE stream_id = {One}")).ShouldBe([Kept]);
        await converted.Owner.ExecuteAsync("SELECT mt_lift_hold(1)");
        await new StoreConversion(converted.Owner, "public", PlainStore.Options).RollbackAsync();
        (await Should.ThrowAsync<PostgresException>(
            () => converted.Owner.ExecuteAsync($"SELECT mt_place_hold('stream', {One}, 'a suit')")))
            .SqlState.ShouldBe(PostgresErrorCodes.FeatureNotSupported);
    }
}
