using System.Diagnostics;
using MartenEventing.Retention;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Benchmarks.Retention;

/// <summary>
/// Lets the oldest of many months go: by DELETE on the plain table, stream by stream on partitions, by cutting.
/// </summary>
internal sealed class RetentionRound(BenchmarkServer server, int events, int months)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private DateTimeOffset First => Now.AddMonths(-months);

    public async Task<RetentionSide> DeleteAsync(CancellationToken cancellation)
    {
        await using var source = await FillAsync(StoreLayout.Plain, cancellation);
        return await MeasureAsync(source, "DELETE on plain", async () =>
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var (ids, count) = await RemoveAsync(connection, cancellation);
            await using var streams = new NpgsqlCommand("DELETE FROM mt_streams WHERE id = ANY ($1)", connection);
            streams.Parameters.AddWithValue(ids);
            await streams.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return (count, (double?)null);
        }, cancellation);
    }

    public async Task<RetentionSide> ExpireAsync(bool cut, CancellationToken cancellation)
    {
        await using var source = await FillAsync(StoreLayout.Partitioned, cancellation);
        var options = new RetentionOptions
        {
            OlderThan = new RetentionAge(months - 1, RetentionUnit.Month), Cut = cut, BatchShare = 1,
        };
        return await MeasureAsync(source, cut ? "cut" : "generations", async () =>
        {
            var report = await new StoreRetention(source, options: options, time: new FixedTime(Now)).ApplyAsync(
                cancellation);
            var gone = report.Expired.Single();
            return (gone.Removed, (double?)gone.Held.TotalSeconds);
        }, cancellation);
    }

    private async Task<(Guid[] Ids, long Count)> RemoveAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var events = new NpgsqlCommand(SqlFile.Read("delete_old_streams"), connection);
        events.Parameters.AddWithValue(First.AddMonths(1));
        await using var reader = await events.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetFieldValue<Guid[]>(0), reader.GetInt64(1));
    }

    private async Task<NpgsqlDataSource> FillAsync(StoreLayout layout, CancellationToken cancellation)
    {
        var source = await server.CreateDatabaseAsync("retention", cancellation);
        await new SchemaMigrator(source, new SchemaOptions { Layout = layout }).ApplyAsync(cancellation);
        if (layout == StoreLayout.Partitioned)
            await source.ExecuteAsync($"SELECT mt_provision_history('month', '{First:O}')", cancellation);
        await using (var connection = await source.OpenConnectionAsync(cancellation))
        {
            await connection.ExecuteAsync("SET session_replication_role = replica", cancellation);
            if (layout == StoreLayout.Partitioned)
                await connection.ExecuteAsync("ALTER TABLE mt_events DISABLE TRIGGER mt_guard_replica", cancellation);
            await using var fill = new NpgsqlCommand(
                SqlFile.Read("fill_for_retention"), connection) { CommandTimeout = 0 };
            fill.Parameters.AddWithValue(events);
            fill.Parameters.AddWithValue(First);
            fill.Parameters.AddWithValue(Now);
            await fill.ExecuteNonQueryAsync(cancellation);
            await connection.ExecuteAsync("RESET session_replication_role", cancellation);
            if (layout == StoreLayout.Partitioned)
                await connection.ExecuteAsync(
                    "ALTER TABLE mt_events ENABLE REPLICA TRIGGER mt_guard_replica", cancellation);
        }

        await source.ExecuteAsync("VACUUM ANALYZE", cancellation);
        return source;
    }

    private async Task<RetentionSide> MeasureAsync(
        NpgsqlDataSource source, string way, Func<Task<(long Events, double? Held)>> work,
        CancellationToken cancellation)
    {
        await server.CheckpointAsync(cancellation);
        var (events, held) = (0L, (double?)null);
        var removal = await CostAsync(async () => (events, held) = await work(), cancellation);
        var vacuum = await CostAsync(
            () => source.ExecuteAsync("VACUUM mt_events, mt_streams", cancellation), cancellation);
        return new RetentionSide(way, events, removal, held, vacuum);
    }

    private async Task<(double Seconds, double WalBytes)> CostAsync(Func<Task> work, CancellationToken cancellation)
    {
        var wal = await server.WalBytesAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        await work();
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, await server.WalBytesAsync(cancellation) - wal);
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
