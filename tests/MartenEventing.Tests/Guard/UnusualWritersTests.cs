using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>
/// Statements that change and insert at once, and triggers of the user's that write while the guard is at work: as in
/// the plain layout, nothing is given twice and no stream falls behind.
/// </summary>
public sealed class UnusualWritersTests
{
    private const string A = "'0193c1a0-0000-7000-8000-00000000000a'::uuid";
    private const string D = "'0193c1a0-0000-7000-8000-00000000000d'::uuid";
    private const string Twice = "pk_mt_events_stream_and_version";

    [Theory]
    [InlineData(
        "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) SELECT n, gen_random_uuid(), " +
        "{A}, v, '{}', 't', t FROM (VALUES (1, 1, timestamptz '2026-10-05Z'), (2, 2, '2026-10-05Z'), (3, 3, " +
        "'2026-10-05Z'), (4, 2, '2026-12-05Z')) q (n, v, t) ON CONFLICT (seq_id, timestamp) DO UPDATE SET data = " +
        "excluded.data")]
    [InlineData(
        "MERGE INTO mt_events e USING (VALUES (1, 1, timestamptz '2026-10-05Z'), (4, 2, '2026-12-05Z')) q (n, v, t) " +
        "ON e.seq_id = q.n AND e.timestamp = q.t WHEN MATCHED THEN UPDATE SET data = '{\"a\":1}' WHEN NOT MATCHED " +
        "THEN INSERT (seq_id, id, stream_id, version, data, type, timestamp) VALUES (q.n, gen_random_uuid(), {A}, " +
        "q.v, '{}', 't', q.t)")]
    [InlineData("WITH u AS (UPDATE mt_events SET data = '{\"a\":1}' WHERE stream_id = {A}) INSERT INTO mt_events " +
        "(seq_id, id, stream_id, version, data, type) VALUES (10, gen_random_uuid(), {A}, 1, '{}', 't')")]
    [InlineData(
        "WITH u AS (UPDATE mt_events SET data = '{\"a\":1}') INSERT INTO mt_events (seq_id, id, stream_id, version, " +
        "data, type, timestamp) VALUES (9, gen_random_uuid(), {D}, 1, '{}', 't', '2026-10-06Z'); INSERT INTO " +
        "mt_events (seq_id, id, stream_id, version, data, type, timestamp) VALUES (10, gen_random_uuid(), {A}, 2, " +
        "'{}', 't', '2026-12-06Z')")]
    public async Task a_statement_that_changes_events_and_adds_some_gives_no_version_twice(string statement)
    {
        foreach (var tenancy in Enum.GetValues<EventTenancy>())
        {
            await using var store = await StoreAsync(tenancy, told: 1);
            await store.ExecuteAsync(Events(A, 1, 3, "'2026-10-05Z'"));

            (await store.ExecuteAsync("BEGIN; " + Named(statement) + "; COMMIT").FailureAsync())!
                .ConstraintName.ShouldBe(Twice);
        }
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task a_stream_made_by_the_statement_that_writes_its_events_is_noted_once(EventTenancy tenancy)
    {
        await using var store = await GuardStore.CreateAsync(tenancy: tenancy);

        await store.ExecuteAsync(
            $"BEGIN; WITH s AS (INSERT INTO mt_streams (id, version) VALUES ({A}, 3)) {Events(A, 1, 3)}; " +
            $"{Events(A, 4, 6)}; COMMIT");

        await store.VersionsShouldBeGaplessAsync();
        (await store.ExecuteAsync(Events(A, 6, 6, "'2026-10-05Z'")).FailureAsync())!.ConstraintName.ShouldBe(Twice);
    }

    [Fact]
    public async Task a_trigger_writes_the_first_event_of_each_new_stream()
    {
        await using var store = await GuardStore.CreateAsync();
        await store.ExecuteAsync(
            """
            CREATE FUNCTION seed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
                VALUES (nextval('mt_events_sequence'), gen_random_uuid(), NEW.id, 1, '{}', 'created', '2026-10-05Z');
                RETURN NULL; END $$;
            CREATE TRIGGER created AFTER INSERT ON mt_streams FOR EACH ROW EXECUTE FUNCTION seed();
            """);

        foreach (var times in (string[])["'2026-12-05Z'", "now()"])
        {
            await store.ExecuteAsync("TRUNCATE mt_events, mt_streams CASCADE");
            await store.ExecuteAsync(
                $"BEGIN; INSERT INTO mt_streams (id, version) VALUES ({A}, 2), ({D}, 1); " +
                $"{Events(A, 2, 4, times)}; {Events(D, 2, 3, times)}; COMMIT");
            await store.VersionsShouldBeGaplessAsync();
        }
    }

    [Theory]
    [InlineData("'2026-10-01Z', '2026-11-01Z'", "5")]
    [InlineData("'2026-10-01Z', '2026-11-01Z'", "NULL")]
    [InlineData("now() + interval '20 minutes', now() + interval '20 minutes'", "5")]
    public async Task bounds_tell_of_the_present_where_the_row_of_a_stream_does_not(string life, string told)
    {
        await using var store = await GuardStore.CreateAsync();
        await store.ExecuteAsync(
            $"INSERT INTO mt_streams (id, created, timestamp, version) VALUES ({A}, {life}, {told})");

        await store.ExecuteAsync(
            $"BEGIN; UPDATE mt_streams SET version = 1 WHERE version IS NULL; {Events(A, 1, 1)}; COMMIT");

        await store.LivesShouldHoldAllEventsAsync();
    }

    [Fact]
    public async Task a_trigger_that_suppresses_the_update_of_a_stream_is_named()
    {
        await using var store = await StoreAsync(EventTenancy.Single, told: 0);
        await store.ExecuteAsync(
            "CREATE TRIGGER zz BEFORE UPDATE ON mt_streams FOR EACH ROW EXECUTE FUNCTION " +
            "suppress_redundant_updates_trigger()");

        foreach (var writes in (string[])[Events(A, 1, 3), Events(A, 1, 3, "'2026-10-05Z'")])
        {
            var failure = await store.ExecuteAsync(writes).FailureAsync();
            failure!.SqlState.ShouldBe(PostgresErrorCodes.ObjectNotInPrerequisiteState);
            failure.MessageText.ShouldContain("suppresses");
        }
    }

    [Theory]
    [InlineData("now()")]
    [InlineData("'2026-10-05Z'")]
    public async Task what_a_trigger_on_the_stream_in_hand_writes_to_another_is_settled(string times)
    {
        await using var store = await StoreAsync(EventTenancy.Single, told: 0);
        await store.ExecuteAsync(
            $$"""
              CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                  IF NEW.id = {{A}} THEN
                      INSERT INTO mt_events (seq_id, id, stream_id, version, data, type)
                      SELECT nextval('mt_events_sequence'), gen_random_uuid(), {{D}}, count(*) + 1, '{}', 'seen'
                        FROM mt_events WHERE stream_id = {{D}};
                  END IF;
                  RETURN NULL; END $$;
              CREATE TRIGGER zz AFTER UPDATE OF type ON mt_streams FOR EACH ROW EXECUTE FUNCTION audit();
              """);

        await store.ExecuteAsync(Events(A, 1, 2, times));

        await store.VersionsShouldBeGaplessAsync();
        (await store.ScalarAsync<long>($"SELECT version FROM mt_streams WHERE id = {D}")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task the_table_is_altered_after_the_constraints_of_an_append_were_checked()
    {
        await using var store = await StoreAsync(EventTenancy.Single, told: 0);

        await store.ExecuteAsync(
            $"BEGIN; {Events(A, 1, 2)}; SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE mt_streams ADD COLUMN note text; " +
            "COMMIT");

        await store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task backslashes_in_strings_mean_the_same_under_any_setting()
    {
        await using var store = await StoreAsync(EventTenancy.Single, told: 0);

        await store.ExecuteAsync(
            $"SET standard_conforming_strings = off; BEGIN; {Events(A, 1, 2, "'2026-10-05Z'")}; SET " +
            "CONSTRAINTS ALL IMMEDIATE; " +
            $"{Events(A, 3, 4, "'2026-10-05Z'")}; {Events(D, 1, 2, "'2026-10-05Z'")}; COMMIT; RESET " +
            "standard_conforming_strings");

        await store.VersionsShouldBeGaplessAsync();
    }

    private static async Task<GuardStore> StoreAsync(EventTenancy tenancy, int told)
    {
        var store = await GuardStore.CreateAsync(tenancy: tenancy);
        await store.ExecuteAsync($"INSERT INTO mt_streams (id, version) VALUES ({A}, 0), ({D}, {told})");
        return store;
    }

    private static string Events(string stream, int first, int last, string time = "now()") =>
        "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) SELECT " +
        $"nextval('mt_events_sequence'), gen_random_uuid(), {stream}, n, '{{}}', 't', {time} FROM " +
        $"generate_series({first}, {last}) n";

    private static string Named(string statement) => statement.Replace("{A}", A).Replace("{D}", D);
}
