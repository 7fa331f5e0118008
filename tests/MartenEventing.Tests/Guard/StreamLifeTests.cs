using MartenEventing.Schema;
using MartenEventing.Tests.Events;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>No event lies outside what its stream's row and bounds tell: bounded reads rely on it.</summary>
public class StreamLifeTests : IAsyncLifetime
{
    private const string Event =
        "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) " +
        "SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, {0}, '{{}}', 't', {1} FROM mt_streams";

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
    public async Task rich_mode_reaches_ahead_of_a_stream_that_has_rested_for_nine_minutes()
    {
        await StartAsync(1, "now() - interval '9 minutes'");

        await _connection.RunAsync(
            "UPDATE mt_streams SET version = 2;" + Insert(2, "now() + interval '9 minutes'"));

        await _store.LivesShouldHoldAllEventsAsync();
    }

    [Fact]
    public async Task a_gap_is_filled_long_after()
    {
        await StartAsync(10, "'2026-01-01'");

        await _connection.RunAsync(Insert(3, "now()"));

        await _store.LivesShouldHoldAllEventsAsync();
    }

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("UPDATE mt_streams SET version = 1, timestamp = greatest(timestamp, now())")]
    public async Task a_transaction_appends_to_a_stream_younger_than_itself(string afterwards)
    {
        await StartAsync(0, "now() + interval '12 minutes'");

        await _connection.RunAsync(Insert(1, "now()") + ";" + afterwards);

        await _store.LivesShouldHoldAllEventsAsync();
    }

    [Fact]
    public async Task the_engine_appends_in_a_transaction_older_than_the_stream()
    {
        await StartAsync(0, "now() + interval '12 minutes'");

        await _connection.RunAsync(
            "SELECT mt_append_to_stream(id, 't', NULL, ARRAY[gen_random_uuid()], ARRAY['t'], NULL, " +
            "ARRAY['{}']::jsonb[], NULL, NULL, NULL, NULL, NULL, tenant_id) FROM mt_streams");

        await _store.LivesShouldHoldAllEventsAsync();
    }

    [Fact]
    public async Task a_writer_whose_clock_is_set_to_another_time_zone_moves_the_stream_back()
    {
        await StartAsync(0, "now() - interval '1 day'");

        await _connection.RunAsync(
            Insert(1, "now()") + ";UPDATE mt_streams SET version = 1, timestamp = now() - interval '2 hours'");

        await _store.LivesShouldHoldAllEventsAsync();
    }

    [Fact]
    public async Task an_event_is_moved_within_its_partition()
    {
        await StartAsync(0, "now()");
        await _connection.RunAsync(Insert(1, "'2026-05-05'"));

        await _connection.RunAsync("UPDATE mt_events SET timestamp = '1970-01-01'");

        await _store.LivesShouldHoldAllEventsAsync();
    }

    [Fact]
    public async Task an_event_lies_at_the_end_of_time()
    {
        await StartAsync(0, "now()");

        await _connection.RunAsync(Insert(1, "'294276-12-31 23:59:59+00'") + ";" + Insert(2, "'-infinity'"));

        await _store.LivesShouldHoldAllEventsAsync();
    }

    [Fact]
    public async Task a_role_that_may_write_streams_and_events_need_not_know_of_bounds()
    {
        await StartAsync(0, "now()");
        await using var writer = await LimitedRole.CreateAsync(
            _store.Database,
            "GRANT SELECT, INSERT, UPDATE, DELETE ON mt_events, mt_streams TO {role}; "
            + "GRANT USAGE ON SEQUENCE mt_events_sequence TO {role}");

        (await writer.TryAsync(Insert(1, "'1970-01-01'"), "DELETE FROM mt_events; DELETE FROM mt_streams"))
            .ShouldAllBe(outcome => outcome == "done");
    }

    private static string Insert(long version, string time) => string.Format(null, Event, version, time);

    private Task StartAsync(long version, string since) => _store.ExecuteAsync(
        "INSERT INTO mt_streams (id, version, created, timestamp) " +
        $"VALUES (gen_random_uuid(), {version}, {since}, {since})");
}
