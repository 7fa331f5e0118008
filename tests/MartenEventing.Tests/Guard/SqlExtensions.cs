using Npgsql;

namespace MartenEventing.Tests.Guard;

internal static class SqlExtensions
{
    public const string Insert =
        "INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp) " +
        "VALUES (nextval('mt_events_sequence'), gen_random_uuid(), $1, $2, '{}', 'parcel_scanned', $3)";

    /// <summary>Runs a command with positional arguments and returns its first value.</summary>
    public static async Task<object?> RunAsync(this NpgsqlConnection connection, string sql, params object[] arguments)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = argument });
        }

        return await command.ExecuteScalarAsync();
    }

    /// <summary>The SQLSTATE a command fails with, or null.</summary>
    public static async Task<PostgresException?> FailureAsync(this Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (PostgresException failure)
        {
            return failure;
        }
    }

    /// <summary>Waits until another backend waits for a lock that this connection's transaction holds.</summary>
    public static async Task WaitUntilBlockingAsync(this NpgsqlConnection holder, NpgsqlDataSource observer)
    {
        await using var connection = await observer.OpenConnectionAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(bool)(await connection.RunAsync(
                   "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid)))",
                   holder.ProcessID))!)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
