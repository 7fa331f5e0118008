using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>
/// What a transaction of many streams owes them: their versions and bounds, all at once when it ends, each row changed
/// once.
/// </summary>
public sealed class SettledStreamsTests
{
    private const int Streams = 400;
    private const string Twice = "pk_mt_events_stream_and_version";

    private static readonly string[] AwkwardNames =
        ["a|b~c", "~1", "|:a|=5=", "x:y,<5<", "9:*DEFAULT*=7", "+", "", "line\nbreak", "%s''{}", "\u00e9|\u20ac"];

    [Theory]
    [InlineData(EventTenancy.Single, 0)]
    [InlineData(EventTenancy.Single, 2)]
    [InlineData(EventTenancy.Conjoined, 0)]
    [InlineData(EventTenancy.Conjoined, 2)]
    public async Task each_row_of_mt_streams_is_changed_once(EventTenancy tenancy, int told)
    {
        await using var store = await StoreAsync(tenancy, told);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.RunAsync(Insert());
            await connection.RunAsync("SET CONSTRAINTS ALL IMMEDIATE");

            ((long)(await connection.RunAsync(
                "SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relid = 'mt_streams'::regclass"))!)
                // told: looked for one by one on a busy server
                .ShouldBeInRange(Streams, Streams * (told > 0 ? 2 : 1) + 3);
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_stream_bounds WHERE latest > now() + interval '1 day'"))
            .ShouldBe(0);
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task streams_restored_with_their_lives_get_no_bounds_but_for_what_lies_outside(EventTenancy tenancy)
    {
        await using var store = await GuardStore.CreateAsync(tenancy: tenancy);
        await GivenAsync(store);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.RunAsync(
                "INSERT INTO mt_streams (id, version, created, timestamp) " +
                "SELECT stream, 2, min(time), max(time) FROM given GROUP BY stream");
            await connection.RunAsync(Insert());
            await connection.RunAsync(
                "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type) " +
                "SELECT nextval('mt_events_sequence'), gen_random_uuid(), md5('7')::uuid, 3, '{}', 't'");
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
        (await store.ScalarAsync<Guid[]>("SELECT coalesce(array_agg(stream_id), '{}') FROM mt_stream_bounds"))
            .ShouldBeSubsetOf([await store.ScalarAsync<Guid>("SELECT md5('7')::uuid")]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task a_reader_of_an_older_snapshot_fails_instead_of_overlooking_them(int told)
    {
        await using var store = await StoreAsync(EventTenancy.Single, told);
        await using var other = await store.DataSource.OpenConnectionAsync();
        await other.RunAsync("BEGIN ISOLATION LEVEL REPEATABLE READ");
        await other.RunAsync("SELECT 1 FROM mt_streams LIMIT 1");

        await store.ExecuteAsync(Insert());

        (await other.RunAsync(Insert("stream = md5('9')::uuid", "31 days")).FailureAsync())!
            .SqlState.ShouldBe(PostgresErrorCodes.SerializationFailure);
    }

    [Fact]
    public async Task serializable_writers_of_different_streams_do_not_conflict()
    {
        await using var store = await GuardStore.CreateAsync();
        var streams = new[] { await store.StartStreamAsync(), await store.StartStreamAsync() };
        await using var first = await store.DataSource.OpenConnectionAsync();
        await using var second = await store.DataSource.OpenConnectionAsync();
        NpgsqlConnection[] connections = [first, second];
        foreach (var connection in connections)
            await connection.RunAsync("BEGIN ISOLATION LEVEL SERIALIZABLE");

        for (var i = 0; i < 2; i++)
            await connections[i].RunAsync(
                "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) " +
                "VALUES ($1, gen_random_uuid(), $2, 1, '{}', 't', '2026-10-05Z')", (long)i + 1, streams[i]);
        foreach (var connection in connections)
            await connection.RunAsync("COMMIT");

        await store.VersionsShouldBeGaplessAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task a_writer_to_one_of_them_waits(int told)
    {
        await using var store = await StoreAsync(EventTenancy.Single, told);
        await using var first = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await first.BeginTransactionAsync();
        await first.RunAsync(Insert());

        await using var second = await store.DataSource.OpenConnectionAsync();
        var other = second.RunAsync(Insert("stream = md5('9')::uuid", "31 days")).FailureAsync();
        await first.WaitUntilBlockingAsync(store.DataSource);
        await transaction.CommitAsync();

        (await other)!.ConstraintName.ShouldBe(Twice);
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task what_a_savepoint_takes_back_is_not_settled_and_the_rest_is(EventTenancy tenancy)
    {
        await using var store = await StoreAsync(tenancy, told: 0);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await transaction.SaveAsync("whole");
            await connection.RunAsync(Insert());
            await transaction.RollbackAsync("whole");
            await connection.RunAsync(Insert("version = 1"));
            await transaction.SaveAsync("second");
            await connection.RunAsync(Insert("version = 2"));
            await transaction.RollbackAsync("second");
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams WHERE version = 1")).ShouldBe(Streams);
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task who_goes_on_after_they_were_settled_early_owes_anew(EventTenancy tenancy)
    {
        await using var store = await StoreAsync(tenancy, told: 0);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.RunAsync("SET CONSTRAINTS ALL IMMEDIATE");
            await connection.RunAsync(Insert("version = 1"));
            await connection.RunAsync("SET CONSTRAINTS ALL IMMEDIATE");
            await connection.RunAsync("SET CONSTRAINTS ALL DEFERRED");
            await transaction.SaveAsync("twice");
            (await connection.RunAsync(Insert("version = 1", "31 days")).FailureAsync())!
                .ConstraintName.ShouldBe(Twice);
            await transaction.RollbackAsync("twice");
            await connection.RunAsync(Insert("version = 2"));
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task what_a_trigger_on_them_writes_meanwhile_is_settled_too()
    {
        await using var store = await StoreAsync(EventTenancy.Single, told: 0);
        await store.ExecuteAsync(
            """
            INSERT INTO mt_streams (id, version) VALUES (md5('log')::uuid, 0);
            CREATE FUNCTION log_move() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.id <> md5('log')::uuid AND NEW.version > OLD.version THEN
                    INSERT INTO mt_events (seq_id, id, stream_id, version, data, type)
                    SELECT nextval('mt_events_sequence'), gen_random_uuid(), md5('log')::uuid,
                           coalesce(max(e.version), 0) + 1, '{}', 'moved'
                      FROM mt_events e WHERE e.stream_id = md5('log')::uuid;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER log_move AFTER UPDATE ON mt_streams FOR EACH ROW EXECUTE FUNCTION log_move();
            """);

        await store.ExecuteAsync(Insert());

        await store.VersionsShouldBeGaplessAsync();
        (await store.ScalarAsync<long>("SELECT version FROM mt_streams WHERE id = md5('log')::uuid")).ShouldBe(Streams);
    }

    [Fact]
    public async Task a_stream_that_was_made_again_is_not_taken_for_what_it_was()
    {
        await using var store = await GuardStore.CreateAsync();
        await GivenAsync(store);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.RunAsync("INSERT INTO mt_streams (id, version) SELECT DISTINCT stream, 2 FROM given");
            await connection.RunAsync(Insert());
            await connection.RunAsync("DELETE FROM mt_streams");
            await connection.RunAsync("INSERT INTO mt_streams (id, version) SELECT DISTINCT stream, 0 FROM given");
            await connection.RunAsync(Insert("version = 1"));
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
    }

    [Theory]
    [InlineData("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", 3)]
    [InlineData("DELETE FROM mt_streams; INSERT INTO mt_streams (id, version) SELECT DISTINCT stream, 0 FROM given", 2)]
    [InlineData("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; " +
                "UPDATE mt_streams SET version = 9; UPDATE mt_streams SET version = 3", 5)]
    public async Task versions_taken_before_those_below_are_known_after_streams_were_settled_or_changed(
        string change, int next)
    {
        await using var store = await StoreAsync(EventTenancy.Single, told: 0);
        await store.ExecuteAsync(
            "INSERT INTO given SELECT stream, v, max(time) FROM given, generate_series(3, 5) v GROUP BY stream, v");
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.RunAsync(Insert("version = 3"));
            await connection.RunAsync(change);
            if (next != 3)
                await connection.RunAsync(Insert($"version = {next}"));
            await RefusedAsync(next);
            await connection.RunAsync(Insert("version = 1"));
            await RefusedAsync(1);
            await connection.RunAsync(Insert("NOT EXISTS (SELECT FROM mt_events e " +
                                             "WHERE e.stream_id = given.stream AND e.version = given.version)"));
            await transaction.CommitAsync();

            async Task RefusedAsync(int version)
            {
                await transaction.SaveAsync("twice");
                (await connection.RunAsync(Insert($"version = {version}", "31 days")).FailureAsync())!
                    .ConstraintName.ShouldBe(Twice);
                await transaction.RollbackAsync("twice");
            }
        }

        await store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task truncated_and_filled_again_they_are_settled()
    {
        await using var store = await StoreAsync(EventTenancy.Single, told: 0);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.RunAsync(Insert());
            await connection.RunAsync("SET CONSTRAINTS ALL IMMEDIATE");
            await connection.RunAsync("TRUNCATE mt_events, mt_streams CASCADE");
            await connection.RunAsync("INSERT INTO mt_streams (id, version) SELECT DISTINCT stream, 0 FROM given");
            await connection.RunAsync(Insert());
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task streams_are_found_by_whatever_name(EventTenancy tenancy)
    {
        await using var store = await GuardStore.CreateAsync(identity: StreamIdentity.String, tenancy: tenancy);
        await store.ExecuteAsync(
            "INSERT INTO mt_streams (id, version, tenant_id) SELECT n, 0, t FROM unnest($1::text[]) n, " +
            "unnest($2::text[]) t",
            AwkwardNames, tenancy == EventTenancy.Single ? [Tenant] : (string[])[Tenant, GuardStore.Other, ""]);

        foreach (var version in (int[])[1, 2])
            await store.ExecuteAsync(
                $$"""
                  INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
                  SELECT nextval('mt_events_sequence'), gen_random_uuid(), s.id, s.version + v, '{}', 't',
                         '2026-10-31 00:00:00+00'::timestamptz + v * interval '1 day', s.tenant_id
                    FROM mt_streams s, generate_series(1, 2) v ORDER BY v DESC, md5(s.id || {{version}})
                  """);

        (await store.ScalarAsync<long[]>("SELECT array_agg(DISTINCT version) FROM mt_streams")).ShouldBe([4L]);
        await store.LivesShouldHoldAllEventsAsync();
    }

    private const string Tenant = "*DEFAULT*";

    private static async Task<GuardStore> StoreAsync(EventTenancy tenancy, int told)
    {
        var store = await GuardStore.CreateAsync(tenancy: tenancy);
        await GivenAsync(store);
        await store.ExecuteAsync($"INSERT INTO mt_streams (id, version) SELECT DISTINCT stream, {told} FROM given");
        return store;
    }

    /// <summary>Streams of two events, on both sides of a month's end.</summary>
    private static Task GivenAsync(GuardStore store) => store.ExecuteAsync(
        $"""
         CREATE TABLE given AS
         SELECT md5(n::text)::uuid AS stream, version::bigint,
                '2026-10-31 23:50:00+00'::timestamptz + (version - 1) * interval '20 minutes'
                + n * interval '1 second' AS time
           FROM generate_series(1, {Streams}) n, generate_series(1, 2) version
         """);

    private static string Insert(string which = "true", string later = "0") =>
        GuardStore.InsertGiven("version, stream", which, later);
}
