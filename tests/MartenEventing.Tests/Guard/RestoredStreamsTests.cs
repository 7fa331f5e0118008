using MartenEventing.LocalPostgres;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Guard;

/// <summary>
/// A restore into an empty store that brings the streams first, on a server where nobody else writes: that the store
/// was empty is found out once, and holds for a stream until somebody writes to it.
/// </summary>
public sealed class RestoredStreamsTests : IAsyncLifetime
{
    private const int Streams = 20;

    private LocalServer _server = null!;
    private TestDatabase _database = null!;
    private NpgsqlConnection _restore = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartOwnAsync();
        _database = await TestDatabase.CreateAsync(server: _server.ConnectionString);
        await new SchemaMigrator(_database.DataSource, new SchemaOptions()).ApplyAsync();
        await _database.DataSource.ExecuteAsync("SELECT mt_provision_history('month', '2026-10-01 00:00:00+00')");
        await _database.DataSource.ExecuteAsync(
            $"INSERT INTO mt_streams (id, version) SELECT md5(n::text)::uuid, 2 FROM generate_series(1, {Streams}) n");
        _restore = await _database.DataSource.OpenConnectionAsync();
        await _restore.RunAsync("BEGIN");
    }

    public async ValueTask DisposeAsync()
    {
        await _restore.DisposeAsync();
        await _database.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task its_streams_are_not_looked_for_one_by_one()
    {
        var before = await ScansOfFullestAsync();
        await _restore.RunAsync(Insert(first: 1, last: Streams));

        // The first stream, and whether the store is empty; for each the event itself.
        (await ScansOfFullestAsync() - before).ShouldBe(4);
        await _restore.RunAsync("COMMIT");
    }

    [Fact]
    public async Task what_somebody_wrote_to_a_stream_since_is_found()
    {
        await _restore.RunAsync(Insert(first: 1, last: 2));
        await _database.DataSource.ExecuteAsync(Insert(first: 3, last: 3));

        (await _restore.RunAsync(Insert(first: 3, last: 3, later: "40 days")).FailureAsync())!
            .ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
    }

    [Fact]
    public async Task nor_is_it_empty_for_who_has_begun_before_and_ends_later()
    {
        await using var other = await _database.DataSource.OpenConnectionAsync();
        await other.RunAsync("BEGIN");
        await other.RunAsync(Insert(first: 3, last: 3));
        await _restore.RunAsync(Insert(first: 1, last: 2));

        var late = _restore.RunAsync(Insert(first: 3, last: 3, later: "40 days")).FailureAsync();
        await other.WaitUntilBlockingAsync(_database.DataSource);
        await other.RunAsync("COMMIT");

        (await late)!.ConstraintName.ShouldBe("pk_mt_events_stream_and_version");
    }

    private async Task<long> ScansOfFullestAsync() => (long)(await _restore.RunAsync(
        "SELECT idx_scan + seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'mt_events_m202610'"))!;

    /// <summary>The first two events of streams.</summary>
    private static string Insert(int first, int last, string later = "0") =>
        $$"""
          INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
          SELECT nextval('mt_events_sequence'), gen_random_uuid(), md5(n::text)::uuid, version, '{}', 't',
                 '2026-10-05 00:00:00+00'::timestamptz + version * interval '1 day' + interval '{{later}}'
            FROM generate_series({{first}}, {{last}}) n, generate_series(1, 2) version ORDER BY version, n
          """;
}
