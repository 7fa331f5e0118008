using MartenEventing.Conversion;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Tests.Guard;
using Npgsql;

namespace MartenEventing.Tests.Conversion;

/// <summary>What is written while there are two copies is written to both.</summary>
public sealed class DualWriteTests
{
    private const string Tags =
        """
        CREATE TABLE mt_event_tag_parcel (value uuid, seq_id bigint,
            CONSTRAINT pkey_tag PRIMARY KEY (value, seq_id),
            CONSTRAINT fkey_tag FOREIGN KEY (seq_id) REFERENCES mt_events (seq_id) ON DELETE CASCADE);
        INSERT INTO mt_event_tag_parcel SELECT gen_random_uuid(), seq_id FROM mt_events;
        """;

    private sealed class BreakOff : Exception;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task whatever_changes_in_one_copy_changes_in_the_other(bool switched)
    {
        await using var store = await PlainStore.CreateAsync(200);
        await store.Database.ExecuteAsync(Tags);
        await BeginAsync(store, switched);

        foreach (var change in (string[])
        [
            """
            INSERT INTO mt_streams (id, version) VALUES ('00000000-0000-0000-0000-000000000001', 2);
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), '00000000-0000-0000-0000-000000000001', v, '{}',
                   'a', now()
              FROM generate_series(1, 2) v;
            INSERT INTO mt_event_tag_parcel SELECT gen_random_uuid(), max(seq_id) FROM mt_events
            """,
            "UPDATE mt_events SET is_archived = true WHERE seq_id < 30",
            "UPDATE mt_events SET timestamp = timestamp + interval '40 days' WHERE seq_id BETWEEN 30 AND 40",
            "UPDATE mt_events SET timestamp = 'infinity' WHERE seq_id = 41",
            "DELETE FROM mt_events WHERE seq_id BETWEEN 50 AND 55",
            "DELETE FROM mt_streams WHERE id = (SELECT stream_id FROM mt_events WHERE seq_id = 70)",
            "SET session_replication_role = replica; UPDATE mt_events SET type = 'b' WHERE seq_id = 80; "
                + "RESET session_replication_role",
            "BEGIN; SAVEPOINT a; DELETE FROM mt_events WHERE seq_id = 90; ROLLBACK TO a; "
                + "UPDATE mt_events SET data = '[]' WHERE seq_id = 90; COMMIT",
        ])
        {
            await (change.Contains("replication_role", StringComparison.Ordinal) ? store.Database.Superuser
                : store.Database.DataSource)
                .ExecuteAsync(change);
            (await DifferencesAsync(store, switched)).ShouldBeEmpty(change);
        }

        (await store.CountAsync()).ShouldBe(200 + 2 - 6 - 10);
        (await store.Database.ScalarAsync<long>("SELECT count(*) FROM mt_event_tag_parcel")).ShouldBe(200 + 1 - 6 - 10);
        await store.Conversion().RollbackAsync();
        (await store.CountAsync()).ShouldBe(200 + 2 - 6 - 10);
    }

    [Theory]
    [InlineData(false, "TRUNCATE mt_streams CASCADE")]
    [InlineData(true, "TRUNCATE mt_streams CASCADE")]
    [InlineData(false, "TRUNCATE mt_events, mt_streams CASCADE")]
    [InlineData(true, "TRUNCATE mt_events, mt_streams CASCADE")]
    [InlineData(true, "TRUNCATE mt_events")]
    public async Task both_copies_are_truncated(bool switched, string statement)
    {
        await using var store = await PlainStore.CreateAsync(100);
        await store.Database.ExecuteAsync(Tags);
        await BeginAsync(store, switched);

        await store.Database.ExecuteAsync(statement);

        (await store.CountAsync()).ShouldBe(0);
        (await DifferencesAsync(store, switched)).ShouldBeEmpty();
        (await store.Database.ScalarAsync<long>("SELECT count(*) FROM mt_event_tag_parcel")).ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_trigger_that_changes_the_row_again_is_followed(bool switched)
    {
        await using var store = await PlainStore.CreateAsync(100);
        await store.Database.ExecuteAsync(
            """
            CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                UPDATE mt_events SET type = type || '!' WHERE seq_id = NEW.seq_id AND length(type) < 10;
                RETURN NULL; END $$;
            CREATE TRIGGER again AFTER INSERT OR UPDATE ON mt_events FOR EACH ROW EXECUTE FUNCTION again();
            """);
        await BeginAsync(store, switched);

        await store.Database.ExecuteAsync("UPDATE mt_events SET type = 'short' WHERE seq_id = 5");

        (await DifferencesAsync(store, switched)).ShouldBeEmpty();
        (await store.Database.ScalarAsync<string>("SELECT type FROM mt_events WHERE seq_id = 5")).ShouldBe(
            "short!!!!!");
    }

    [Fact]
    public async Task a_sequence_number_given_twice_is_refused_as_by_the_plain_table()
    {
        await using var store = await PlainStore.CreateAsync(100);
        await BeginAsync(store, switched: true);

        var failure = await store.Database.ExecuteAsync(
            """
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            SELECT 5, gen_random_uuid(), stream_id, 11, '{}', 'a', now() FROM mt_events WHERE seq_id = 5
            """).FailureAsync();

        failure!.SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
        (await DifferencesAsync(store, switched: true)).ShouldBeEmpty();
    }

    [Fact]
    public async Task partitions_made_and_sealed_meanwhile_write_back_and_none_expires()
    {
        await using var store = await PlainStore.CreateAsync(100);
        await BeginAsync(store, switched: true);

        await store.Database.ExecuteAsync("SELECT mt_provision_partitions('month', 6)");
        await store.Database.Superuser.ExecuteAsync(
            """
            UPDATE mt_events SET timestamp = now() + interval '5 months' WHERE seq_id = 5;
            SET session_replication_role = replica; UPDATE mt_events SET type = 'b' WHERE seq_id = 5;
            RESET session_replication_role;
            """);
        (await store.Database.ColumnAsync<string>("SELECT drop_old_partitions(1)")).ShouldBeEmpty();

        (await DifferencesAsync(store, switched: true)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_difference_stops_the_start_and_is_told_with_its_partition()
    {
        await using var store = await PlainStore.CreateAsync(100);
        var catalogs = await store.CatalogsAsync();
        await BeginAsync(store, switched: false);
        var name = await store.Database.ScalarAsync<string>(
            "SELECT tableoid::regclass::text FROM mt_events_shadow WHERE seq_id = 5");
        await store.Database.ExecuteAsync("DELETE FROM mt_events_shadow WHERE seq_id = 5");

        var error = await Should.ThrowAsync<ConversionDifferenceException>(() => store.Conversion().StartAsync());

        var difference = error.Differences.ShouldHaveSingleItem();
        (difference.Partition, difference.PlainCount - difference.CopyCount).ShouldBe((name, 1));
        difference.CopyHash.ShouldNotBe(difference.PlainHash);
        error.Message.ShouldContain("marten-eventing convert rollback");
        (await store.Conversion().GetStatusAsync()).State.ShouldBe(ConversionState.Backfilling);
        await store.Conversion().RollbackAsync();
        (await store.CatalogsAsync()).Except(catalogs).ShouldBeEmpty();
        (await store.Conversion(PlainStore.Shadow).StartAsync()).State.ShouldBe(ConversionState.Switched);
    }

    [Theory]
    [InlineData("ALTER TABLE mt_events ADD COLUMN note text", "column note")]
    [InlineData("CREATE INDEX later ON mt_events (type)", "index ")]
    [InlineData("ALTER TABLE mt_events ADD CONSTRAINT sane CHECK (version > 0)", "constraint sane")]
    public async Task a_table_altered_since_its_copy_was_made_is_told(string sql, string told)
    {
        await using var store = await PlainStore.CreateAsync(100);
        await BeginAsync(store, switched: false);
        await store.Database.ExecuteAsync(sql);

        (await Should.ThrowAsync<ConversionStateException>(() => store.Conversion().StartAsync()))
            .Message.ShouldContain(told);
    }

    [Fact]
    public async Task a_publication_of_all_tables_stops_it_before_it_begins()
    {
        await using var store = await PlainStore.CreateAsync(10);
        await store.Database.Superuser.ExecuteAsync(
            "CREATE PUBLICATION everything FOR ALL TABLES WITH (publish_via_partition_root = true)");

        foreach (var options in (ConversionOptions[])[PlainStore.Options, PlainStore.Shadow])
            (await Should.ThrowAsync<ConversionRefusedException>(() => store.Conversion(options).StartAsync()))
                .Objections.Select(o => o.Subject).ShouldBe(["everything"]);
    }

    /// <summary>
    /// Starts, and breaks off while both are written and the plain table is still in use; or goes on to the switch.
    /// </summary>
    private static async Task BeginAsync(PlainStore store, bool switched)
    {
        var starting = store.Conversion(PlainStore.Shadow, (step, moment) =>
            !switched && (step, moment) == ("verify", StepMoment.Before) ? throw new BreakOff() : Task.CompletedTask)
            .StartAsync();
        if (switched)
            await starting;
        else
            await Should.ThrowAsync<BreakOff>(starting);
    }

    private static Task<List<string>> DifferencesAsync(PlainStore store, bool switched) =>
        store.Database.ColumnAsync<string>(
        $"""
         SELECT format('%s, other %s', e::text, o::text)
           FROM mt_events e FULL JOIN {(switched ? "mt_events_plain" : "mt_events_shadow")} o ON o.seq_id = e.seq_id
          WHERE e::text IS DISTINCT FROM o::text
         """);
}
