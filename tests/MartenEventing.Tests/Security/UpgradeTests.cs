using MartenEventing.Schema;
using MartenEventing.Tests.Events;
using Npgsql;

namespace MartenEventing.Tests.Security;

/// <summary>
/// Stores that an earlier version set up: open to everybody, with paths of the caller's and grants on partitions.
/// </summary>
public sealed class UpgradeTests
{
    private const string FunctionsAsBefore =
        """
        UPDATE pg_proc SET proacl = NULL, proconfig = NULL
         WHERE pronamespace = 'public'::regnamespace AND proname ~ '^(mt_|ensure_|create_|drop_)';
        """;

    private const string AsBefore =
        """
        UPDATE mt_migrations SET checksum = 'of before' WHERE kind = 'repeatable';
        DROP TRIGGER mt_guard_held_event ON mt_events; DROP TRIGGER mt_guard_held_stream ON mt_streams;
        SELECT mt_seal_partition('mt_events_head');
        REVOKE SELECT ON mt_events_head_claim FROM PUBLIC;
        SELECT mt_enforce_append_only();
        DROP TRIGGER mt_append_only ON mt_streams; DROP TRIGGER mt_append_only_truncate ON mt_streams;
        CREATE FUNCTION mt_copy_grants(source regclass, target regclass) RETURNS void LANGUAGE sql AS 'SELECT';
        CREATE FUNCTION mt_lift_hold(hold bigint, lifted_by text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
        DO $$ DECLARE part regclass; BEGIN
            FOR part IN SELECT t.relid FROM pg_partition_tree('mt_events') t WHERE t.level > 0 LOOP
                EXECUTE format('GRANT ALL ON %s TO PUBLIC', part);
            END LOOP;
        END $$;
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task are_closed_by_the_next_apply_or_script(bool script)
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        var app = await store.RoleAsync("GRANT SELECT, INSERT, DELETE ON mt_events, mt_streams TO {role}");
        await store.Superuser.ExecuteAsync(FunctionsAsBefore);
        await store.Owner.ExecuteAsync(AsBefore);

        if (script)
            await store.Owner.ExecuteAsync(SchemaMigrator.Script(new SchemaOptions()));
        else
            await new SchemaMigrator(store.Owner, new SchemaOptions()).ApplyAsync();

        (await store.Owner.ColumnAsync<string>(
            """
            SELECT p.proname::text FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
             WHERE p.pronamespace = 'public'::regnamespace AND a.grantee = 0 ORDER BY 1
            """)).ShouldBe(FunctionRights.OpenToPublic);
        (await store.Owner.ColumnAsync<string>(
            "SELECT c.relname::text FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee = 0 AND c.relispartition"))
            .ShouldBeEmpty();
        (await store.Owner.ScalarAsync<bool>(
            "SELECT has_sequence_privilege($1, 'mt_events_head_claim', 'SELECT')", app.Name))
            .ShouldBeTrue();
        (await store.Owner.ColumnAsync<string>(
            "SELECT proname::text FROM pg_proc WHERE proname = 'mt_copy_grants' OR proname = 'mt_lift_hold' AND " +
            "pronargs = 2"))
            .ShouldBeEmpty();
        (await new SchemaMigrator(store.Owner, new SchemaOptions())
            .GetStatusAsync()).MissingGuardTriggers.ShouldBeEmpty();
        (await app.TryAsync("DELETE FROM mt_streams", "SELECT * FROM mt_partitions()")).ShouldBe(["23001", "done"]);
    }

    [Fact]
    public async Task a_path_of_whoever_installed_is_no_longer_followed()
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        await store.Owner.ExecuteAsync(
            "ALTER FUNCTION mt_guard_stream_delete SET search_path = \"$user\", public; SELECT mt_settle()");

        (await store.Owner.ScalarAsync<string>(
            "SELECT array_to_string(proconfig, '; ') FROM pg_proc WHERE proname = 'mt_guard_stream_delete'"))
            .ShouldContain("search_path=pg_catalog, public, pg_temp");
    }

    [Theory]
    [InlineData("CREATE FUNCTION mt_guard_event() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")]
    [InlineData("CREATE FUNCTION mt_partitions() RETURNS SETOF integer LANGUAGE sql AS 'SELECT 1'")]
    [InlineData("CREATE TABLE mt_legal_holds (id bigint)")]
    [InlineData("CREATE TABLE mt_streams (id uuid)")]
    [InlineData("CREATE SEQUENCE mt_partition_epoch")]
    public async Task what_somebody_made_under_our_names_before_us_is_refused(string sql)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var mallory = await LimitedRole.CreateAsync(database, "GRANT CREATE ON SCHEMA public TO {role}");
        (await mallory.TryAsync(sql)).ShouldBe(["done"]);

        var errors = new[]
        {
            await Should.ThrowAsync<PostgresException>(
                () => new SchemaMigrator(database.DataSource, new SchemaOptions()).ApplyAsync()),
            await Should.ThrowAsync<PostgresException>(
                () => database.DataSource.ExecuteAsync(SchemaMigrator.Script(new SchemaOptions()))),
        };

        errors.ShouldAllBe(error => error.SqlState != PostgresErrorCodes.SyntaxError);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"))
            .ShouldBe(0);
    }

    [Theory]
    [InlineData("UPDATE pg_proc SET proacl = NULL WHERE pronamespace = 'public'::regnamespace")]
    [InlineData("ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO {role}; GRANT ALL ON ALL FUNCTIONS IN " +
        "SCHEMA public TO {role}")]
    public async Task a_restore_without_rights_and_default_privileges_leave_nothing_open(string sql)
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        var mallory = await store.RoleAsync();
        var who = sql.StartsWith("UPDATE pg_proc", StringComparison.Ordinal) ? store.Superuser : store.Owner;
        await who.ExecuteAsync(sql.Replace("{role}", mallory.Name, StringComparison.Ordinal));

        await store.Owner.ExecuteAsync("SELECT mt_settle()");

        (await mallory.TryAsync(
            "SELECT mt_place_hold('tenant', 'x', 'y')", "SELECT mt_lift_hold(1)", "SELECT mt_last_sequence()",
            "SELECT mt_record_stream_bounds('0193c1a0-0000-7000-8000-000000000001', now(), now())"))
            .ShouldAllBe(outcome => outcome == "42501");
    }
}
