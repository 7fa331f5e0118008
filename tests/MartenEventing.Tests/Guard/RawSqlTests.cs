using MartenEventing.Schema;
using MartenEventing.Tests.Events;
using Npgsql;
using static MartenEventing.Tests.Guard.SqlExtensions;

namespace MartenEventing.Tests.Guard;

/// <summary>What the plain table's unique index and foreign key promised holds for whoever writes, however.</summary>
public class RawSqlTests : IAsyncLifetime
{
    private GuardStore _store = null!;
    private NpgsqlConnection _connection = null!;

    protected virtual EventTenancy Tenancy => EventTenancy.Single;

    public async ValueTask InitializeAsync()
    {
        _store = await GuardStore.CreateAsync(tenancy: Tenancy);
        _connection = await _store.DataSource.OpenConnectionAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task an_event_of_no_stream_is_refused_as_the_foreign_key_did()
    {
        var failure = await _connection.RunAsync(Insert, Guid.NewGuid(), 1L, GuardStore.November).FailureAsync();

        failure!.SqlState.ShouldBe(PostgresErrorCodes.ForeignKeyViolation);
        failure.ConstraintName.ShouldBe(_store.ForeignKey);
    }

    [Fact]
    public async Task a_version_that_another_month_holds_is_refused()
    {
        var stream = await _store.StartStreamAsync();
        await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);
        await _connection.RunAsync(Insert, stream, 2L, GuardStore.November);

        var failure = await _connection.RunAsync(Insert, stream, 1L, GuardStore.December).FailureAsync();

        failure!.SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
        failure.ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
        await _store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task a_version_given_twice_by_one_statement_is_refused()
    {
        var stream = await _store.StartStreamAsync();

        var failure = await _connection.RunAsync(
            "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) " +
            "SELECT nextval('mt_events_sequence'), gen_random_uuid(), $1, 1, '{}', 't', unnest(ARRAY[$2, $3])",
            stream, GuardStore.October, GuardStore.November).FailureAsync();

        failure!.ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
    }

    [Theory]
    [InlineData("SET CONSTRAINTS ALL DEFERRED")]
    [InlineData("SET CONSTRAINTS ALL IMMEDIATE")]
    public async Task streams_written_in_turns_without_touching_mt_streams_are_brought_up_to_date_at_commit(string mode)
    {
        var (a, b) = (await _store.StartStreamAsync(), await _store.StartStreamAsync());
        await using (var transaction = await _connection.BeginTransactionAsync())
        {
            await _connection.RunAsync(mode);
            for (var version = 1L; version <= 3; version++)
            {
                await _connection.RunAsync(Insert, a, version, GuardStore.October.AddMonths((int)version - 1));
                await _connection.RunAsync(Insert, b, version, GuardStore.December.AddMonths(1 - (int)version));
            }

            await transaction.CommitAsync();
        }

        await _store.VersionsShouldBeGaplessAsync();
        (await _connection.RunAsync(Insert, a, 2L, GuardStore.December.AddMonths(2)).FailureAsync())!
            .SqlState.ShouldBe(PostgresErrorCodes.UniqueViolation);
    }

    [Fact]
    public async Task a_writer_that_counts_mt_streams_up_itself_is_not_counted_twice()
    {
        var (a, b) = (await _store.StartStreamAsync(), await _store.StartStreamAsync());
        await using var transaction = await _connection.BeginTransactionAsync();
        await _connection.RunAsync(Insert, a, 1L, GuardStore.October);
        await _connection.RunAsync(Insert, b, 1L, GuardStore.October);
        await _connection.RunAsync("UPDATE mt_streams SET version = version + 1 WHERE version = 0");
        await transaction.CommitAsync();

        await _store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task an_exception_block_takes_back_what_it_had_reserved()
    {
        var stream = await _store.StartStreamAsync();
        await _connection.RunAsync(
            $"""
             DO $$ BEGIN
                 PERFORM append_event_by_event('{stream}', ARRAY['2026-10-05', '2026-11-05']::timestamptz[]);
                 BEGIN
                     PERFORM append_event_by_event('{stream}', ARRAY['2026-12-05', '2026-12-06']::timestamptz[]);
                     RAISE division_by_zero;
                 EXCEPTION WHEN division_by_zero THEN NULL;
                 END;
                 PERFORM append_event_by_event('{stream}', ARRAY['2027-01-05']::timestamptz[]);
             END $$
             """);

        await _store.VersionsShouldBeGaplessAsync();
        (await _store.ScalarAsync<long>("SELECT version FROM mt_streams WHERE tenant_id = '*DEFAULT*'")).ShouldBe(3);
    }

    [Fact]
    public async Task a_version_moved_onto_another_by_an_update_is_refused()
    {
        var stream = await _store.StartStreamAsync();
        await _store.AppendEventByEventAsync(stream, GuardStore.October, GuardStore.December);

        (await _connection.RunAsync("UPDATE mt_events SET version = 2 WHERE version = 1 AND tenant_id = '*DEFAULT*'")
            .FailureAsync())!
            .ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
    }

    [Fact]
    public async Task an_event_moved_to_another_month_by_an_update_keeps_its_version()
    {
        var stream = await _store.StartStreamAsync();
        await _store.AppendEventByEventAsync(stream, GuardStore.October, GuardStore.October);

        const string first = "version = 1 AND tenant_id = '*DEFAULT*'";
        await _connection.RunAsync($"UPDATE mt_events SET timestamp = $1 WHERE {first}", GuardStore.December);

        (await _store.ScalarAsync<string>($"SELECT tableoid::regclass::text FROM mt_events WHERE {first}"))
            .ShouldBe("mt_events_m202612");
        await _store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task a_deleted_stream_takes_its_events_and_bounds_along_unless_the_store_is_conjoined()
    {
        var stream = await _store.StartStreamAsync();
        await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);

        var deletion = _connection.RunAsync("DELETE FROM mt_streams WHERE id = $1 AND tenant_id = '*DEFAULT*'", stream);

        if (Tenancy == EventTenancy.Conjoined)
        {
            (await deletion.FailureAsync())!.ConstraintName.ShouldBe(_store.ForeignKey);
            await _store.VersionsShouldBeGaplessAsync();
            return;
        }

        await deletion;
        (await _store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(0);
        (await _store.ScalarAsync<long>("SELECT count(*) FROM mt_stream_bounds")).ShouldBe(0);
    }

    [Fact]
    public async Task mt_streams_may_not_tell_of_fewer_versions_than_there_are()
    {
        var stream = await _store.StartStreamAsync();
        await _store.AppendEventByEventAsync(stream, GuardStore.October, GuardStore.October);

        (await _connection.RunAsync("UPDATE mt_streams SET version = 1 WHERE tenant_id = '*DEFAULT*'")
            .FailureAsync())!.SqlState
            .ShouldBe(PostgresErrorCodes.ForeignKeyViolation);
        await _connection.RunAsync("DELETE FROM mt_events WHERE version = 2 AND tenant_id = '*DEFAULT*'");
        await _connection.RunAsync("UPDATE mt_streams SET version = 1 WHERE tenant_id = '*DEFAULT*'");
        await _store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task streams_cannot_be_truncated_away_from_under_their_events()
    {
        var stream = await _store.StartStreamAsync();
        await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);

        foreach (var truncation in new[] { "TRUNCATE mt_streams", "DO 'BEGIN EXECUTE ''TRUNCATE mt_streams''; END'" })
            (await _connection.RunAsync(truncation).FailureAsync())!.SqlState
                .ShouldBe(PostgresErrorCodes.FeatureNotSupported);
        await _connection.RunAsync("TRUNCATE mt_events, mt_streams CASCADE");
    }

    [Theory]
    [InlineData("TRUNCATE mt_streams CASCADE", "read committed")]
    [InlineData("truncate table public.\"mt_streams\" restart identity cascade;", "serializable")]
    public async Task a_truncation_of_the_streams_that_cascades_takes_the_events_along(
        string truncation, string isolation)
    {
        var stream = await _store.StartStreamAsync();
        await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);

        await _connection.RunAsync($"SET default_transaction_isolation = '{isolation}'");
        await _connection.RunAsync(truncation);

        (await _store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(0);
        (await _store.ScalarAsync<long>("SELECT count(*) FROM mt_stream_bounds")).ShouldBe(0);
    }

    [Fact]
    public async Task it_takes_them_along_only_with_the_right_to_truncate_them()
    {
        var stream = await _store.StartStreamAsync();
        await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);
        await using var role = await LimitedRole.CreateAsync(_store.Database, "GRANT TRUNCATE ON mt_streams TO {role}");

        (await role.TryAsync("TRUNCATE mt_streams CASCADE")).ShouldBe([PostgresErrorCodes.InsufficientPrivilege]);

        (await _store.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task rich_mode_moves_the_stream_first_and_then_inserts_without_a_search()
    {
        var stream = await _store.StartStreamAsync();
        await using (var transaction = await _connection.BeginTransactionAsync())
        {
            await _connection.RunAsync("UPDATE mt_streams SET version = 3 WHERE id = $1 AND version = 0", stream);
            await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);
            await _connection.RunAsync(Insert, stream, 2L, GuardStore.November);
            await _connection.RunAsync(Insert, stream, 3L, GuardStore.October);
            (await _connection.RunAsync("SELECT current_setting('mt_guard.next')")).ShouldBe(
                $"4<3<{_store.NameOf(stream)}");
            await transaction.CommitAsync();
        }

        await _store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task a_new_stream_that_carries_its_version_already_is_filled_without_a_search()
    {
        var stream = Guid.CreateVersion7();
        await using (var transaction = await _connection.BeginTransactionAsync())
        {
            await _connection.RunAsync("INSERT INTO mt_streams (id, version) VALUES ($1, 2)", stream);
            await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);
            (await _connection.RunAsync("SELECT current_setting('mt_guard.next')")).ShouldBe(
                $"2<2<{_store.NameOf(stream)}");
            await _connection.RunAsync(Insert, stream, 2L, GuardStore.November);
            await transaction.CommitAsync();
        }

        await _store.VersionsShouldBeGaplessAsync();
    }
}
