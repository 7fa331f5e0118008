using MartenEventing.Schema;
using Npgsql;
using static MartenEventing.Tests.Guard.SqlExtensions;

namespace MartenEventing.Tests.Guard;

/// <summary>
/// SQL that no event store sends and that must not break one: orders, moments and values off the path.
/// </summary>
public class AwkwardSqlTests : IAsyncLifetime
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

    [Theory]
    [InlineData("SET CONSTRAINTS ALL DEFERRED")]
    [InlineData("SET CONSTRAINTS ALL IMMEDIATE")]
    public async Task a_changed_stream_type_lets_the_transaction_end(string mode)
    {
        var stream = await _store.StartStreamAsync();
        await using var transaction = await _connection.BeginTransactionAsync();
        await _connection.RunAsync(mode);
        await _connection.RunAsync("UPDATE mt_streams SET type = 'parcel'");
        await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);
        await _connection.RunAsync("UPDATE mt_streams SET type = 'letter'");
        await transaction.CommitAsync();

        await _store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task an_event_of_this_moment_and_of_no_stream_is_refused_first_thing_in_a_session()
    {
        (await _connection.RunAsync(Insert, Guid.NewGuid(), 1L, DateTime.UtcNow).FailureAsync())!
            .ConstraintName.ShouldBe(_store.ForeignKey);
        (await _connection.RunAsync(Insert, Guid.NewGuid(), 1L, DateTime.UtcNow).FailureAsync())!
            .ConstraintName.ShouldBe(_store.ForeignKey);
    }

    [Fact]
    public async Task a_version_settled_in_mid_transaction_is_not_free_again()
    {
        var stream = await _store.StartStreamAsync();
        await using var transaction = await _connection.BeginTransactionAsync();
        await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);
        await _connection.RunAsync("SET CONSTRAINTS ALL IMMEDIATE");

        (await _connection.RunAsync(Insert, stream, 1L, GuardStore.December).FailureAsync())!
            .ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
    }

    [Fact]
    public async Task an_event_after_the_stream_was_settled_in_mid_transaction_is_settled_too()
    {
        var stream = await _store.StartStreamAsync();
        await using var transaction = await _connection.BeginTransactionAsync();
        await _connection.RunAsync(Insert, stream, 1L, DateTime.UtcNow);
        await _connection.RunAsync(
            "UPDATE mt_streams SET version = 1, timestamp = now() WHERE tenant_id = '*DEFAULT*'");
        await _connection.RunAsync("SET CONSTRAINTS ALL IMMEDIATE");
        await _connection.RunAsync(Insert, stream, 2L, DateTime.UtcNow);
        await transaction.CommitAsync();

        await _store.VersionsShouldBeGaplessAsync();
    }

    [Fact]
    public async Task a_stream_keeps_its_id_while_it_has_events_even_if_its_version_moves_on_as_well()
    {
        var stream = await _store.StartStreamAsync();
        await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);

        (await _connection.RunAsync(
            "UPDATE mt_streams SET id = gen_random_uuid(), version = 9 WHERE tenant_id = '*DEFAULT*'").FailureAsync())!
            .ConstraintName.ShouldBe(_store.ForeignKey);
    }

    [Fact]
    public async Task an_event_deleted_again_before_the_commit_does_not_move_its_stream()
    {
        var stream = await _store.StartStreamAsync();
        await using (var transaction = await _connection.BeginTransactionAsync())
        {
            await _connection.RunAsync(Insert, stream, 1L, GuardStore.October);
            await _connection.RunAsync(Insert, stream, 2L, GuardStore.December);
            await _connection.RunAsync("DELETE FROM mt_events WHERE version = 2 AND tenant_id = '*DEFAULT*'");
            await transaction.CommitAsync();
        }

        (await _store.ScalarAsync<long>("SELECT version FROM mt_streams WHERE tenant_id = '*DEFAULT*'")).ShouldBe(1);
    }

    [Fact]
    public async Task versions_below_one_are_unique_as_well()
    {
        var stream = await _store.StartStreamAsync(-5);
        await _connection.RunAsync(Insert, stream, -3L, GuardStore.October);

        (await _connection.RunAsync(Insert, stream, -3L, GuardStore.December).FailureAsync())!
            .ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
    }

    [Fact]
    public async Task a_trigger_that_adds_events_is_guarded_while_the_engine_appends()
    {
        var (stream, audit) = (await _store.StartStreamAsync(), await _store.StartStreamAsync());
        await _connection.RunAsync(Insert, audit, 1L, GuardStore.October);
        await _connection.RunAsync(
            $"""
             CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
                 VALUES (nextval('mt_events_sequence'), gen_random_uuid(), '{audit}', NEW.version, '1', 'a', now());
                 RETURN NULL;
             END $$;
             CREATE TRIGGER audit AFTER INSERT ON mt_events FOR EACH ROW WHEN (NEW.stream_id <> '{audit}')
                 EXECUTE FUNCTION audit()
             """);

        (await _connection.RunAsync(
            "SELECT mt_append_to_stream($1, 't', NULL, ARRAY[gen_random_uuid()], ARRAY['t'], NULL, " +
            "ARRAY['{}']::jsonb[], NULL, NULL, NULL, NULL, NULL, '*DEFAULT*')", stream).FailureAsync())!
            .ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
    }

    [Theory]
    [InlineData("b", "a!b")]
    [InlineData("none", "x")]
    [InlineData("", "=")]
    [InlineData("2=x", "x")]
    [InlineData("a\nb", "a")]
    public async Task streams_named_as_the_guard_writes_its_notes_are_told_apart(string first, string second)
    {
        await using var store = await GuardStore.CreateAsync(identity: StreamIdentity.String, tenancy: Tenancy);
        await store.ExecuteAsync("INSERT INTO mt_streams (id, version) VALUES ($1, 0), ($2, 0)", first, second);
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await connection.RunAsync(Insert, second, 1L, GuardStore.October);
            await connection.RunAsync(Insert, first, 1L, GuardStore.October);
            await connection.RunAsync(Insert, second, 2L, GuardStore.October);
            await transaction.CommitAsync();
        }

        await store.VersionsShouldBeGaplessAsync();
        (await connection.RunAsync(Insert, first, 1L, GuardStore.December).FailureAsync()).ShouldNotBeNull();
    }
}
