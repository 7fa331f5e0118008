namespace MartenEventing.Tests.Security;

/// <summary>Attacks by a role that may log in, and nothing else.</summary>
public sealed class OutsiderTests
{
    private const string Refused = "42501";

    [Theory, EveryMaking]
    public async Task no_trigger_function_runs_for_a_table_of_somebody_else(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);
        var mallory = await store.RoleAsync();
        var functions = await store.Owner.ColumnAsync<string>(
            "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.prorettype = 'trigger'::regtype "
            + "AND p.pronamespace = 'public'::regnamespace");
        functions.Count.ShouldBeGreaterThan(10);

        foreach (var function in functions)
        {
            (await mallory.TryAsync(
                "CREATE TEMP TABLE t (id uuid, tenant_id text)",
                "INSERT INTO t VALUES ('0193c1a0-0000-7000-8000-000000000001')",
                $"CREATE TRIGGER x AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION {function}",
                $"CREATE TRIGGER y AFTER TRUNCATE ON t EXECUTE FUNCTION {function}",
                "DELETE FROM t", "TRUNCATE t"))
                .ShouldBe(["done", "done", Refused, Refused, "done", "done"], function);
        }

        (await store.CountAsync()).ShouldBe(4);
    }

    [Theory, EveryMaking]
    public async Task a_cast_of_ones_own_is_not_run_by_the_owner(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);
        var mallory = await store.RoleAsync();

        await mallory.TryAsync(
            "CREATE TYPE pg_temp.ev AS (x text)",
            "CREATE FUNCTION pg_temp.pwn(pg_temp.ev) RETURNS uuid LANGUAGE plpgsql AS "
            + "$$ BEGIN EXECUTE 'ALTER ROLE {role} SUPERUSER'; RETURN NULL; END $$",
            "CREATE CAST (pg_temp.ev AS uuid) WITH FUNCTION pg_temp.pwn(pg_temp.ev) AS IMPLICIT",
            "CREATE TEMP TABLE t (id pg_temp.ev)", "INSERT INTO t VALUES (ROW('a'))",
            "CREATE TRIGGER x AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION public.mt_guard_stream_delete()",
            "DELETE FROM t");

        await mallory.ShouldHaveGainedNothingAsync();
    }

    [Theory, EveryMaking]
    public async Task a_temporary_view_in_the_place_of_a_table_is_not_read_by_the_owner(Making making)
    {
        await using var store = await SecuredStore.CreateAsync(making);
        var mallory = await store.RoleAsync();

        var outcomes = await mallory.TryAsync(
            "CREATE FUNCTION pg_temp.pwn() RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN IF current_user <> "
            + "session_user THEN "
            + "EXECUTE 'ALTER ROLE {role} SUPERUSER'; END IF; RETURN '0193c1a0-0000-7000-8000-000000000001'; END $$",
            "CREATE TEMP VIEW mt_stream_bounds AS SELECT pg_temp.pwn() AS stream_id, '-infinity'::timestamptz AS "
            + "earliest, 'infinity'::timestamptz AS latest",
            "GRANT SELECT ON pg_temp.mt_stream_bounds TO PUBLIC",
            "SELECT public.mt_record_stream_bounds('0193c1a0-0000-7000-8000-000000000001', now(), now())");

        outcomes[^1].ShouldBeOneOf(Refused, "42883");
        await mallory.ShouldHaveGainedNothingAsync();
    }

    [Fact]
    public async Task the_other_copy_is_not_emptied_through_a_table_of_ones_own()
    {
        await using var store = await SecuredStore.CreateAsync(Making.ConvertedByCopy);
        var mallory = await store.RoleAsync();

        (await mallory.TryAsync(
            "CREATE TEMP TABLE t (a int)",
            "CREATE TRIGGER x AFTER TRUNCATE ON t EXECUTE FUNCTION public.mt_dual_truncate()", "TRUNCATE t",
            "CREATE TRIGGER x AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION public.mt_dual_write()"))
            .ShouldBe(["done", Refused, "done", Refused]);

        (await store.Owner.ScalarAsync<long>("SELECT count(*) FROM mt_events_plain")).ShouldBe(4);
    }

    [Fact]
    public async Task holds_are_placed_and_lifted_by_nobody_who_was_not_given_that()
    {
        await using var store = await SecuredStore.CreateAsync(Making.Applied);
        await store.Owner.ExecuteAsync("SELECT mt_place_hold('tenant', 'acme', 'a suit')");
        var mallory = await store.RoleAsync();
        var counsel = await store.RoleAsync(
            "GRANT EXECUTE ON FUNCTION mt_place_hold, mt_lift_hold TO {role}; GRANT SELECT ON " +
            "mt_legal_holds TO {role}");

        (await mallory.TryAsync(
            "SELECT public.mt_lift_hold(1)", "SELECT public.mt_place_hold('tenant', 'x', 'y')",
            "SELECT * FROM public.mt_legal_holds")).ShouldAllBe(outcome => outcome == Refused);
        (await counsel.TryAsync(
            "SET application_name = 'Data Protection Officer'", "SELECT mt_lift_hold(1)",
            "UPDATE mt_legal_holds SET lifted_by = 'somebody'", "DELETE FROM mt_legal_holds"))
            .ShouldBe(["done", "done", Refused, Refused]);

        (await store.Owner.ScalarAsync<string>("SELECT lifted_by FROM mt_legal_holds")).ShouldBe(counsel.Name);
    }
}
