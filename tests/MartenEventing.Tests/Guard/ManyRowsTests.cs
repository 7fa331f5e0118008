using MartenEventing.Schema;
using MartenEventing.TestSupport;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>
/// Statements of so many rows that they are checked as a whole when they end: whichever table they name, whatever else
/// they do, and whatever their transaction does before and after.
/// </summary>
public sealed class ManyRowsTests
{
    private const int Streams = 40;
    private const string Twice = "pk_mt_events_stream_and_version";
    private const string Mixed = "md5(stream::text || version)";
    private const string Columns = "(seq_id, id, stream_id, version, data, type, timestamp)";

    private static readonly EventTenancy[] Tenancies = Enum.GetValues<EventTenancy>();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_statement_may_name_a_partition_with_its_trigger_or_without(bool trigger)
    {
        foreach (var tenancy in Tenancies)
        {
            await using var store = await StoreAsync(tenancy);
            var leaf = await LeafAsync(store, "2026-11-01Z");
            if (!trigger)
                await store.ExecuteAsync($"DROP TRIGGER mt_guard_statement ON {leaf}");
            await using var connection = await store.DataSource.OpenConnectionAsync();
            var november = Insert($"INTO {leaf}", "version BETWEEN 4 AND 6");

            await connection.RunAsync("BEGIN; " + Insert("INTO mt_events", "version < 4"));
            await connection.RunAsync(november);
            (await connection.RunAsync(
                $"SELECT strpos(current_setting('mt_guard.rest_in'), ',' || '{leaf}'::regclass::oid || ',') > 0"))
                .ShouldBe(trigger);
            await connection.RunAsync("COMMIT");
            await store.VersionsShouldBeGaplessAsync();

            (await connection.RunAsync("BEGIN; " + Insert($"INTO {leaf}", "version IN (3, 7)", time: "'2026-11-09Z'"))
                .FailureAsync())!.ConstraintName.ShouldBe(Twice);
            await connection.RunAsync("ROLLBACK");
        }
    }

    [Theory]
    [InlineData("version IN (2, 3)", "version BETWEEN 4 AND 6", false)]
    [InlineData("version BETWEEN 4 AND 6", "version IN (2, 3)", false)]
    [InlineData("version = 2", "version = 2 AND stream = md5('7')::uuid", true)]
    [InlineData("version = 2 AND stream = md5('7')::uuid", "version IN (2, 3)", true)]
    public async Task a_query_writes_to_a_partition_and_to_the_whole(string toWhole, string toLeaf, bool twice)
    {
        foreach (var tenancy in Tenancies)
        {
            await using var store = await StoreAsync(tenancy);
            var leaf = await LeafAsync(store, "2026-12-01Z");
            await using var connection = await store.DataSource.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.RunAsync(Insert("INTO mt_events", "version = 1"));

            var failure = await connection.RunAsync(
                $"WITH a AS ({Insert($"INTO {leaf}", toLeaf, time: "'2026-12-05Z'")} RETURNING 1) "
                + Insert("INTO mt_events", toWhole)).FailureAsync();

            failure?.ConstraintName.ShouldBe(Twice);
            (failure is not null).ShouldBe(twice);
            if (!twice)
            {
                await transaction.CommitAsync();
                await store.VersionsShouldBeGaplessAsync();
            }
        }
    }

    [Fact]
    public async Task triggers_of_the_users_write_events_while_rows_are_left_to_the_end()
    {
        foreach (var tenancy in Tenancies)
        foreach (var first in (int[])[7, 6])
        {
            await using var store = await StoreAsync(tenancy);
            await store.ExecuteAsync(
                $$"""
                  CREATE FUNCTION echo() RETURNS trigger LANGUAGE plpgsql AS $f$
                  BEGIN
                      IF NEW.type = 't' AND NEW.version = 6 THEN
                          INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
                          SELECT nextval('mt_events_sequence'), gen_random_uuid(), NEW.stream_id, v, '{}', 'echo',
                                 '2026-12-05Z', NEW.tenant_id
                            FROM generate_series({{first}}, 7 + CASE WHEN NEW.stream_id = md5('7')::uuid THEN 99 END) v;
                      END IF;
                      RETURN NULL;
                  END $f$;
                  CREATE TRIGGER zz_echo AFTER INSERT ON mt_events FOR EACH ROW EXECUTE FUNCTION echo()
                  """);

            var failure = await store.ExecuteAsync(Insert("INTO mt_events", "version < 7")).FailureAsync();

            if (first == 7)
                await store.VersionsShouldBeGaplessAsync();
            else
                failure!.ConstraintName.ShouldBe(Twice);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("DELETE FROM mt_events WHERE version = 3; INSERT INTO given SELECT place + 9000, stream, 3, time " +
        "FROM given WHERE version = 3; ")]
    [InlineData("UPDATE mt_events SET data = '{\"a\":1}' WHERE version = 3; ")]
    [InlineData("UPDATE mt_events SET timestamp = '2026-12-24Z' WHERE version = 3; ")]
    [InlineData("UPDATE mt_streams SET version = 3; ")]
    [InlineData("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; ")]
    [InlineData("SET CONSTRAINTS ALL IMMEDIATE; ")]
    [InlineData("SAVEPOINT s; DELETE FROM mt_events; ROLLBACK TO s; ")]
    public async Task what_was_written_is_known_to_later_statements_of_any_size(string between)
    {
        foreach (var tenancy in Tenancies)
        foreach (var again in (string[])["version = 2", "version = 2 AND stream = md5('7')::uuid"])
        {
            await using var store = await StoreAsync(tenancy);
            await using var connection = await store.DataSource.OpenConnectionAsync();
            var removed = between.StartsWith("DELETE", StringComparison.Ordinal);
            await connection.RunAsync("BEGIN; " + Insert("INTO mt_events", "version < 4"));
            await connection.RunAsync(between + "SAVEPOINT t");

            (await connection.RunAsync(Insert("INTO mt_events", again, time: "'2027-01-05Z'")).FailureAsync())!
                .ConstraintName.ShouldBe(Twice);
            await connection.RunAsync("ROLLBACK TO t");
            await connection.RunAsync(
                Insert("INTO mt_events", removed ? "place > 9000 OR version > 3" : "version > 3"));
            await connection.RunAsync("COMMIT");

            await store.VersionsShouldBeGaplessAsync();
        }
    }

    [Theory]
    [InlineData("version % 2 = 1", "version % 2 = 0")]
    [InlineData("version > 5", "version <= 5")]
    [InlineData("version BETWEEN 3 AND 5", "version NOT BETWEEN 3 AND 5")]
    [InlineData("stream < '8'", "stream >= '8'")]
    [InlineData("stream < '8' AND version > 2 OR version > 8", "NOT (stream < '8' AND version > 2 OR version > 8)")]
    public async Task gaps_are_filled_by_later_statements_and_what_was_taken_stays_taken(string first, string second)
    {
        (first, second) = (first.Replace("'8'", "'80000000-0000-0000-0000-000000000000'", StringComparison.Ordinal),
            second.Replace("'8'", "'80000000-0000-0000-0000-000000000000'", StringComparison.Ordinal));
        foreach (var tenancy in Tenancies)
        {
            await using var store = await StoreAsync(tenancy);
            await using var connection = await store.DataSource.OpenConnectionAsync();
            await connection.RunAsync("BEGIN; " + Insert("INTO mt_events", first) + "; SAVEPOINT s");
            (await connection.RunAsync(Insert("INTO mt_events", "true", time: "'2027-01-05Z'")).FailureAsync())!
                .ConstraintName.ShouldBe(Twice);
            await connection.RunAsync("ROLLBACK TO s; " + Insert("INTO mt_events", second) + "; COMMIT");

            await store.VersionsShouldBeGaplessAsync();
        }
    }

    [Fact]
    public async Task versions_beyond_the_first_hundred_are_taken_too()
    {
        foreach (var tenancy in Tenancies)
        {
            await using var store = await StoreAsync(tenancy, streams: 2, events: 350);
            await using var connection = await store.DataSource.OpenConnectionAsync();
            await connection.RunAsync(
                "BEGIN; " + Insert("INTO mt_events", "version % 3 = 0 OR version > 340") + "; SAVEPOINT s");
            foreach (var taken in (int[])[99, 102, 300, 350])
            {
                (await connection.RunAsync(
                    Insert("INTO mt_events", $"version IN ({taken}, 100)", time: "'2027-01-05Z'"))
                    .FailureAsync())!.ConstraintName.ShouldBe(Twice);
                await connection.RunAsync("ROLLBACK TO s");
            }

            await connection.RunAsync(Insert("INTO mt_events", "version % 3 = 1 AND version <= 340"));
            await connection.RunAsync(Insert("INTO mt_events", "version % 3 = 2 AND version <= 340") + "; COMMIT");

            await store.VersionsShouldBeGaplessAsync();
        }
    }

    [Theory]
    [InlineData("READ COMMITTED", "23505")]
    [InlineData("REPEATABLE READ", "40001")]
    public async Task the_second_of_two_writers_waits_and_is_refused(string isolation, string state)
    {
        foreach (var tenancy in Tenancies)
        {
            await using var store = await StoreAsync(tenancy);
            await using var first = await store.DataSource.OpenConnectionAsync();
            await using var second = await store.DataSource.OpenConnectionAsync();
            await second.RunAsync($"BEGIN ISOLATION LEVEL {isolation}; SELECT FROM mt_streams LIMIT 1");
            await first.RunAsync("BEGIN; " + Insert("INTO mt_events", "version < 4"));

            var other = second.RunAsync(
                Insert("INTO mt_events", "version < 5 AND stream > md5('7')::uuid", time: "'2027-01-05Z'"))
                    .FailureAsync();
            await first.WaitUntilBlockingAsync(store.DataSource);
            await first.RunAsync("COMMIT");

            (await other)!.SqlState.ShouldBe(state);
            await second.RunAsync("ROLLBACK");
            await store.VersionsShouldBeGaplessAsync();
        }
    }

    [Theory]
    [InlineData("INSERT INTO mt_events {columns} VALUES (9000, gen_random_uuid(), md5('7')::uuid, 1, '{}', " +
        "'t', '2027-01-05Z')")]
    [InlineData("SELECT 1")]
    public async Task a_stream_is_made_again_while_the_statement_waits_for_it(string then)
    {
        foreach (var tenancy in Tenancies)
        {
            await using var store = await StoreAsync(tenancy, streams: 200);
            await store.ExecuteAsync("DELETE FROM given WHERE stream = md5('7')::uuid AND version > 1");
            await using var first = await store.DataSource.OpenConnectionAsync();
            await first.RunAsync(
                "BEGIN; DELETE FROM mt_streams WHERE id = md5('7')::uuid AND tenant_id = '*DEFAULT*'; " +
                "INSERT INTO mt_streams (id, version) VALUES (md5('7')::uuid, 0); " +
                then.Replace("{columns}", Columns, StringComparison.Ordinal));

            var insert = Insert("INTO mt_events", "version = 1", order: "stream = md5('7')::uuid, stream");
            var second = store.ExecuteAsync(insert).FailureAsync();
            await first.WaitUntilBlockingAsync(store.DataSource);
            await first.RunAsync("COMMIT");

            (await second)?.ConstraintName.ShouldBe(Twice);
            (await second is null).ShouldBe(then == "SELECT 1");
            await store.VersionsShouldBeGaplessAsync();
        }
    }

    [Theory]
    [InlineData("UPDATE mt_events SET timestamp = NEW.timestamp + interval '1 second' WHERE seq_id = NEW.seq_id")]
    [InlineData("UPDATE mt_events SET data = '{\"a\":1}' WHERE seq_id = NEW.seq_id")]
    [InlineData(
        "DELETE FROM mt_events WHERE seq_id = NEW.seq_id; INSERT INTO mt_events (seq_id, id, stream_id, version, " +
        "data, type, timestamp, tenant_id) VALUES (NEW.seq_id + 9000, NEW.id, NEW.stream_id, NEW.version, '{}', 'r', " +
        "'2027-01-05Z', NEW.tenant_id)")]
    [InlineData("DELETE FROM mt_events WHERE stream_id = NEW.stream_id")]
    public async Task triggers_of_the_users_change_and_remove_what_is_not_checked_yet(string change)
    {
        foreach (var tenancy in Tenancies)
        foreach (var place in (int[])[200, 60])
        {
            await using var store = await StoreAsync(tenancy);
            await store.ExecuteAsync(
                $"""
                 CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS $f$
                 BEGIN
                     IF NEW.type = 't' AND NEW.seq_id = {place} THEN
                         {change};
                     END IF;
                     RETURN NULL;
                 END $f$;
                 CREATE TRIGGER zz_change AFTER INSERT ON mt_events FOR EACH ROW EXECUTE FUNCTION change()
                 """);

            await store.ExecuteAsync(Insert("INTO mt_events", "version < 7"));

            (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE tenant_id = '*DEFAULT*'"))
                .ShouldBe((Streams * 6) - (change.EndsWith("NEW.stream_id", StringComparison.Ordinal) ? 6 : 0));
            (await store.ExecuteAsync(Insert("INTO mt_events", "version = 6 AND stream > md5('7')::uuid",
                time: "'2027-01-05Z'")).FailureAsync())!.ConstraintName.ShouldBe(Twice);
        }
    }

    [Fact]
    public async Task a_policy_that_hides_rows_from_the_owner_is_an_error_where_rows_were_changed()
    {
        await using var store = await StoreAsync(EventTenancy.Single);
        await store.ExecuteAsync(
            """
            ALTER TABLE mt_events ENABLE ROW LEVEL SECURITY;
            ALTER TABLE mt_events FORCE ROW LEVEL SECURITY;
            CREATE POLICY hides ON mt_events USING (type <> 't') WITH CHECK (true);
            CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS $f$
            BEGIN
                IF current_setting('mt_guard.rest', true) = '1' THEN
                    PERFORM set_config('mt_guard.alone', 'never', true);  -- as a change of an event does
                END IF;
                RETURN NULL;
            END $f$;
            CREATE TRIGGER zz_change AFTER INSERT ON mt_events FOR EACH ROW EXECUTE FUNCTION change()
            """);

        (await store.ExecuteAsync(Insert("INTO mt_events", "version < 4")).FailureAsync())!.SqlState.ShouldBe("42501");
    }

    [Theory]
    [InlineData("CREATE TABLE by_hand PARTITION OF mt_events FOR VALUES FROM ('2027-02-01Z') TO ('2027-03-01Z')")]
    [InlineData("CREATE TABLE by_hand (LIKE mt_events INCLUDING ALL); ALTER TABLE mt_events ATTACH PARTITION by_hand " +
        "FOR VALUES FROM ('2027-02-01Z') TO ('2027-03-01Z')")]
    public async Task a_partition_made_by_hand_in_the_same_transaction_is_guarded(string make)
    {
        await using var store = await StoreAsync(EventTenancy.Single);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        var last = await LeafAsync(store, "2027-02-01Z");
        await connection.RunAsync("BEGIN; " + Insert("INTO mt_events", "version < 4"));
        await connection.RunAsync(
            $"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE mt_events DETACH PARTITION {last}; {make}; SAVEPOINT s");

        (await connection.RunAsync(Insert("INTO by_hand", "version = 2", time: "'2027-02-05Z'")).FailureAsync())!
            .ConstraintName.ShouldBe(Twice);
        await connection.RunAsync("ROLLBACK TO s; " + Insert("INTO by_hand", "version = 4", time: "'2027-02-05Z'"));
        (await connection.RunAsync(Insert("INTO mt_events", "version IN (4, 5)", time: "'2027-01-05Z'"))
            .FailureAsync())!
            .ConstraintName.ShouldBe(Twice);
    }

    [Fact]
    public async Task writers_that_go_through_streams_in_one_order_do_not_deadlock()
    {
        foreach (var tenancy in Tenancies)
        {
            await using var store = await StoreAsync(tenancy, streams: 2000, events: 8);
            foreach (var round in (int[])[0, 4])
            {
                var failures = await Task.WhenAll(Enumerable.Range(1, 4).Select(writer => store.ExecuteAsync(
                    Insert("INTO mt_events",
                        $"version = {round + writer} AND stream < repeat('{"fc96"[writer - 1]}', 32)::uuid",
                        order: "stream DESC")).FailureAsync()));
                failures.ShouldAllBe(failure => failure == null);
            }
        }
    }

    [Fact]
    public async Task versions_may_lie_as_far_apart_as_numbers_do()
    {
        await using var store = await StoreAsync(EventTenancy.Single);
        await store.ExecuteAsync(
            "UPDATE given SET version = CASE WHEN stream < md5('7')::uuid THEN -9223372036854775807 " +
            "ELSE 9223372036854775806 END WHERE version = 9");

        await store.ExecuteAsync(Insert("INTO mt_events", "true"));

        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(Streams * 9);
    }

    [Fact]
    public async Task new_partitions_and_stores_of_earlier_versions_get_the_trigger()
    {
        foreach (var tenancy in Tenancies)
        {
            await using var store = await StoreAsync(tenancy);
            const string without =
                """
                SELECT count(*) FROM pg_partition_tree('mt_events') p
                 WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = p.relid AND tgname = 'mt_guard_statement')
                """;
            await store.ExecuteAsync("SELECT mt_provision_partitions('month', 9)");
            (await store.ScalarAsync<long>(without)).ShouldBe(0);

            await store.ExecuteAsync(
                """
                DO $$ DECLARE leaf regclass; BEGIN
                    FOR leaf IN SELECT relid FROM pg_partition_tree('mt_events') LOOP
                        EXECUTE format('DROP TRIGGER mt_guard_statement ON %s', leaf);
                    END LOOP;
                END $$
                """);
            (await store.ScalarAsync<long>("SELECT count(*) FROM mt_guard_faults()")).ShouldBe(0);
            await store.ExecuteAsync("SELECT mt_settle()");

            (await store.ScalarAsync<long>(without)).ShouldBe(0);
        }
    }

    private static Task<string> LeafAsync(GuardStore store, string month) => store.ScalarAsync<string>(
        "SELECT leaf::regclass::text FROM mt_partitions() WHERE lower_bound = $1::timestamptz", month);

    /// <summary>Rows of the table given, in one statement, in mixed order.</summary>
    private static string Insert(string into, string which, string time = "time", string order = Mixed) =>
        $"INSERT {into} {Columns} SELECT nextval('mt_events_sequence'), gen_random_uuid(), stream, " +
        $"version, '{{}}', 't', " +
        $"{time}::timestamptz FROM (SELECT * FROM given WHERE {which} ORDER BY {order}) g";

    /// <summary>Streams without events, and their rows to be: three versions a month, from October on.</summary>
    private static async Task<GuardStore> StoreAsync(EventTenancy tenancy, int streams = Streams, int events = 9)
    {
        var store = await GuardStore.CreateAsync(tenancy: tenancy);
        await store.ExecuteAsync(
            $"""
             CREATE TABLE given AS
             SELECT (row_number() OVER ())::bigint AS place, md5(n::text)::uuid AS stream, version::bigint,
                    '2026-10-05 00:00:00+00'::timestamptz + (version - 1) % 90 / 3 * interval '1 month' AS time
               FROM generate_series(1, {streams}) n, generate_series(1, {events}) version;
             UPDATE given SET time = '2026-10-05Z' WHERE {events} > 9;
             INSERT INTO mt_streams (id, version) SELECT DISTINCT stream, 0 FROM given
             """);
        return store;
    }
}
