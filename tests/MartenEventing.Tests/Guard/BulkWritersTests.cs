using MartenEventing.Schema;
using MartenEventing.TestSupport;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>
/// Many rows of many streams in one transaction, in whatever order: no partition is searched row by row, and what is
/// given twice is refused all the same.
/// </summary>
public sealed class BulkWritersTests
{
    private const int Streams = 6;
    private const int EventsEach = 240;
    private const string Twice = "pk_mt_events_stream_and_version";

    private static readonly string[] Orders =
    [
        "stream, version", "version, stream", "version DESC, stream", "stream, version DESC", "version % 7, stream",
        "md5(stream::text || version)",
    ];

    public static TheoryData<string, EventTenancy> OrdersAndTenancies()
    {
        var data = new TheoryData<string, EventTenancy>();
        for (var i = 0; i < Orders.Length; i++)
        {
            if (i % 3 != 2 || Effort.IsFull)
                data.Add(Orders[i], EventTenancy.Single);
            if (i % 3 == 2 || Effort.IsFull)
                data.Add(Orders[i], EventTenancy.Conjoined);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(OrdersAndTenancies))]
    public async Task rows_of_streams_that_tell_of_no_version_are_not_looked_up(string order, EventTenancy tenancy)
    {
        await using var store = await StoreAsync(tenancy, told: 0);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            (await SearchesAsync(connection, GuardStore.InsertGiven(order))).ShouldBe(0);
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
    }

    [Theory]
    [MemberData(nameof(OrdersAndTenancies))]
    public async Task rows_of_streams_that_were_restored_before_them_are_looked_up_once_a_stream(
        string order, EventTenancy tenancy)
    {
        await using var store = await StoreAsync(tenancy, told: EventsEach);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            (await SearchesAsync(connection, GuardStore.InsertGiven(order)))
                .ShouldBeLessThanOrEqualTo((Streams + 1) * (await LeavesAsync(connection) + 1));
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task streams_made_with_their_last_version_are_filled_in_turns_without_a_look(EventTenancy tenancy)
    {
        await using var store = await StoreAsync(tenancy, told: null);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.RunAsync(
                $"INSERT INTO mt_streams (id, version) SELECT DISTINCT stream, {EventsEach} FROM given");
            (await SearchesAsync(connection, GuardStore.InsertGiven("version, stream"))).ShouldBe(0);
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
    }

    [Theory]
    [InlineData(EventTenancy.Single, 0)]
    [InlineData(EventTenancy.Conjoined, 0)]
    [InlineData(EventTenancy.Single, EventsEach)]
    [InlineData(EventTenancy.Conjoined, EventsEach)]
    public async Task statements_of_one_row_in_turns_are_not_looked_up_row_by_row(EventTenancy tenancy, int told)
    {
        await using var store = await StoreAsync(tenancy, told);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            (await SearchesAsync(connection, RowByRow("version, stream"))).ShouldBeLessThanOrEqualTo(
                told == 0 ? 0 : (Streams + 1) * (await LeavesAsync(connection) + 1));
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
    }

    [Theory]
    [MemberData(nameof(OrdersAndTenancies))]
    public async Task a_copy_ends_with_versions_that_mt_streams_tells_of(string order, EventTenancy tenancy)
    {
        await using var store = await StoreAsync(tenancy, told: 0);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        var lines = (string[])(await connection.RunAsync(
            $"SELECT array_agg(format(E'%s\\t%s\\t%s\\t%s\\t{{}}\\tt\\t%s', place, gen_random_uuid(), stream, " +
            $"version, time) ORDER BY {order}) FROM given"))!;
        await using (var copy = await connection.BeginTextImportAsync(
                         "COPY mt_events (seq_id, id, stream_id, version, data, type, timestamp) FROM STDIN"))
        {
            foreach (var line in lines)
                await copy.WriteAsync(line + "\n");
        }

        await store.VersionsShouldBeGaplessAsync();
    }

    [Theory]
    [MemberData(nameof(OrdersAndTenancies))]
    public Task a_version_given_twice_in_two_months_by_one_statement_is_refused(string order, EventTenancy tenancy) =>
        ShouldBeRefusedAsync(
            order, tenancy,
            "INSERT INTO given SELECT 100000 + place, stream, version, time + interval '31 days' FROM given");

    [Theory]
    [MemberData(nameof(OrdersAndTenancies))]
    public Task a_version_that_was_there_before_is_refused(string order, EventTenancy tenancy) => ShouldBeRefusedAsync(
        order, tenancy,
        "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) "
        + "SELECT 100000, gen_random_uuid(), stream, version, '{}', 't', time + interval '31 days' FROM given");

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task what_is_taken_back_to_a_savepoint_is_free_again_and_what_is_not_is_taken(EventTenancy tenancy)
    {
        await using var store = await StoreAsync(tenancy, told: 0);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.RunAsync(GuardStore.InsertGiven("version, stream", "version <= 100"));
            await transaction.SaveAsync("hundred");
            await connection.RunAsync(GuardStore.InsertGiven("version, stream", "version > 100"));
            await transaction.RollbackAsync("hundred");
            (await connection.RunAsync(GuardStore.InsertGiven("version, stream", "version = 100", "31 days"))
                .FailureAsync())!
                .ConstraintName.ShouldBe(Twice);
            await transaction.RollbackAsync("hundred");
            await connection.RunAsync(GuardStore.InsertGiven("md5(stream::text || version)", "version > 100"));
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task an_event_of_no_stream_among_many_rows_is_refused_as_the_foreign_key_did()
    {
        await using var store = await StoreAsync(EventTenancy.Single, told: 0);
        await store.ExecuteAsync("INSERT INTO given SELECT 100000, gen_random_uuid(), 120, '2026-11-05'");
        await using var connection = await store.DataSource.OpenConnectionAsync();

        (await connection.RunAsync(GuardStore.InsertGiven("version, stream")).FailureAsync())!
            .ConstraintName.ShouldBe(store.ForeignKey);
    }

    [Fact]
    public async Task a_stream_deleted_in_between_is_no_stream_any_more()
    {
        await using var store = await StoreAsync(EventTenancy.Single, told: 0);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.RunAsync(GuardStore.InsertGiven("version, stream", "version <= 2"));
        await connection.RunAsync("DELETE FROM mt_streams");

        (await connection.RunAsync(GuardStore.InsertGiven("version, stream", "version = 3")).FailureAsync())!
            .ConstraintName.ShouldBe(store.ForeignKey);
    }

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task the_other_writer_waits_for_a_stream_that_was_put_down(EventTenancy tenancy)
    {
        await using var store = await StoreAsync(tenancy, told: 0);
        await using var first = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await first.BeginTransactionAsync();
        await first.RunAsync(GuardStore.InsertGiven("version, stream", "version <= 2"));

        await using var second = await store.DataSource.OpenConnectionAsync();
        var other = second.RunAsync(GuardStore.InsertGiven("stream, version", "version = 2", "31 days")).FailureAsync();
        await first.WaitUntilBlockingAsync(store.DataSource);
        await transaction.CommitAsync();

        (await other)!.ConstraintName.ShouldBe(Twice);
        await store.VersionsShouldBeGaplessAsync();
    }

    /// <summary>All rows in one statement, after one version of one stream was taken so, in another month.</summary>
    private static async Task ShouldBeRefusedAsync(string order, EventTenancy tenancy, string taken)
    {
        foreach (var told in (int[])[0, EventsEach])
        {
            await using var store = await StoreAsync(tenancy, told);
            await store.ExecuteAsync(taken + " WHERE version = 100 ORDER BY stream LIMIT 1");
            await using var connection = await store.DataSource.OpenConnectionAsync();

            var failure = await connection.RunAsync(GuardStore.InsertGiven(order)).FailureAsync();

            failure!.SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
            failure.ConstraintName.ShouldBe(Twice);
        }
    }

    /// <summary>A store with streams that tell of a version, or without streams, and the rows to be written.</summary>
    private static async Task<GuardStore> StoreAsync(EventTenancy tenancy, int? told)
    {
        var store = await GuardStore.CreateAsync(tenancy: tenancy);
        await store.ExecuteAsync(
            $"""
             CREATE TABLE given AS
             SELECT (row_number() OVER ())::bigint AS place, md5(n::text)::uuid AS stream, version::bigint,
                    '2026-10-02 00:00:00+00'::timestamptz + version * interval '12 hours'
                    + n * interval '1 second' AS time
               FROM generate_series(1, {Streams}) n, generate_series(1, {EventsEach}) version
             """);
        if (told is not null)
            await store.ExecuteAsync($"INSERT INTO mt_streams (id, version) SELECT DISTINCT stream, {told} FROM given");
        return store;
    }

    private static string RowByRow(string order) =>
        $$"""
          DO $$ DECLARE r record; BEGIN
              FOR r IN SELECT * FROM given ORDER BY {{order}} LOOP
                  INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
                  VALUES (nextval('mt_events_sequence'), gen_random_uuid(), r.stream, r.version, '{}', 't', r.time);
              END LOOP;
          END $$
          """;

    /// <summary>Searches of a statement in partitions, by index or not.</summary>
    private static async Task<long> SearchesAsync(NpgsqlConnection connection, string statement)
    {
        var before = await CountAsync();
        await connection.RunAsync(statement);
        return await CountAsync() - before;

        async Task<long> CountAsync() => (long)(await connection.RunAsync(
            "SELECT coalesce(sum(s.idx_scan + s.seq_scan), 0)::bigint FROM pg_stat_xact_user_tables s " +
            "WHERE s.relid IN (SELECT relid FROM pg_partition_tree('mt_events'))"))!;
    }

    private static async Task<long> LeavesAsync(NpgsqlConnection connection) => (long)(await connection.RunAsync(
        "SELECT count(*) FROM pg_partition_tree('mt_events') WHERE isleaf"))!;
}
