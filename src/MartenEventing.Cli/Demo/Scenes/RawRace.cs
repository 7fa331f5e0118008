using Npgsql;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>
/// The same race without our store: two sessions that insert with SQL of their own, as Marten's Quick mode does. The
/// second one is seen to wait for the first before that commits, so the race always happens.
/// </summary>
internal static class RawRace
{
    private const string Insert =
        """
        INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        VALUES (nextval('mt_events_sequence'), gen_random_uuid(), $1, 1, '{}', 'parcel_registered', $2)
        """;

    public static async Task PlayAsync(Scenery scenery)
    {
        var stage = scenery.Stage;
        var now = scenery.Time.GetUtcNow();
        var midnight = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        var stream = Guid.CreateVersion7();
        await scenery.DataSource.ExecuteAsync(
            "INSERT INTO mt_streams (id, version) VALUES ($1, 0)", scenery.Cancellation, stream);

        await using var a = await scenery.DataSource.OpenConnectionAsync(scenery.Cancellation);
        await using var b = await scenery.DataSource.OpenConnectionAsync(scenery.Cancellation);
        await using var transaction = await a.BeginTransactionAsync(scenery.Cancellation);
        await InsertAsync(a, stream, midnight.AddSeconds(-1), scenery.Cancellation);
        var second = InsertAsync(b, stream, midnight.AddSeconds(1), scenery.Cancellation);
        await UntilWaitingAsync(scenery, b.ProcessID);
        await transaction.CommitAsync(scenery.Cancellation);
        try
        {
            await second;
            throw new InvalidOperationException("Both sessions inserted version 1: the guard is not at work.");
        }
        catch (PostgresException refused)
        {
            stage.Say(
                "Even raw SQL cannot do it. Session A inserts version 1 on one side of midnight and has not committed; "
                + "session B inserts version 1 on the other side: it waits for A, and when A commits the database "
                + "refuses B:");
            stage.Quote($"SQLSTATE {refused.SqlState}, constraint {refused.ConstraintName}");
        }
    }

    private static async Task InsertAsync(
        NpgsqlConnection connection, Guid stream, DateTimeOffset time, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Insert, connection)
        {
            Parameters = { new() { Value = stream }, new() { Value = time } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task UntilWaitingAsync(Scenery scenery, int process)
    {
        const string Waits = "SELECT cardinality(pg_blocking_pids($1)) > 0";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(scenery.Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await scenery.DataSource.ScalarAsync<bool>(Waits, limit.Token, process))
            await Task.Delay(5, limit.Token);
    }
}
