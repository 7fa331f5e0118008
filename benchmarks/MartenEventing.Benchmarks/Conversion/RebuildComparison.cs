using System.Diagnostics;
using MartenEventing.Conversion;
using Npgsql;

namespace MartenEventing.Benchmarks.Conversion;

/// <summary>
/// A table that is attached, against one that is copied as Marten's schema migration does it: a new table, INSERT
/// SELECT, DROP, RENAME, in one transaction.
/// </summary>
internal static class RebuildComparison
{
    /// <summary>How long it took, how much of that writers were locked out, and the bytes of WAL.</summary>
    public sealed record Side(double Seconds, double LockedOutSeconds, double WalBytes);

    /// <summary>Attaches and takes it back; the way back is not counted.</summary>
    public static async Task<Side> AttachAsync(
        BenchmarkServer server, NpgsqlDataSource source, CancellationToken cancellation)
    {
        var conversion = new StoreConversion(source);
        await server.CheckpointAsync(cancellation);
        var wal = await server.WalBytesAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        var status = await conversion.StartAsync(cancellation);
        var side = new Side(
            Stopwatch.GetElapsedTime(started).TotalSeconds, status.SwapDuration!.Value.TotalSeconds,
            await server.WalBytesAsync(cancellation) - wal);
        await conversion.RollbackAsync(cancellation);
        return side;
    }

    /// <summary>
    /// Copies into a partitioned table with the keys and indexes that a conversion makes, and undoes it.
    /// </summary>
    public static async Task<Side> CopyAsync(
        BenchmarkServer server, NpgsqlDataSource source, CancellationToken cancellation)
    {
        await server.CheckpointAsync(cancellation);
        var wal = await server.WalBytesAsync(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        await connection.ExecuteAsync(SqlFile.Read("copy_as_marten_does"), cancellation);
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var written = await server.WalBytesAsync(cancellation) - wal;
        await transaction.RollbackAsync(cancellation);
        await source.ExecuteAsync("VACUUM mt_events", cancellation);
        return new Side(took, took, written);
    }
}
