using Marten;
using Marten.Services;
using Npgsql;
using Parcels.Api.Tests.App;
using Parcels.Tracking;

namespace Parcels.Api.Tests.Tracking;

/// <summary>Has appended to a parcel and not committed: whoever decides now decides on what will not be true.</summary>
public sealed class FasterWriter : IAsyncDisposable
{
    private readonly RunningApp _app;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private FasterWriter(RunningApp app, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_app, _connection, _transaction) = (app, connection, transaction);

    /// <summary>Scans the parcel, without committing.</summary>
    public static async Task<FasterWriter> ScanAsync(RunningApp app, Guid parcel)
    {
        var connection = await app.Database.DataSource.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var session = app.Store.LightweightSession(SessionOptions.ForTransaction(transaction));
        var stream = await session.Events.FetchForWriting<Parcel>(parcel);
        stream.AppendOne(new ParcelScanned(stream.Aggregate!.LastDepotId!.Value, DateTimeOffset.UtcNow));
        await session.SaveChangesAsync();
        return new FasterWriter(app, connection, transaction);
    }

    /// <summary>Commits when somebody else waits for this transaction.</summary>
    public async Task CommitOnceAwaitedAsync()
    {
        await Until.IsAsync(
            () => _app.Database.DataSource.ScalarAsync<bool>(
                "select exists (select from pg_stat_activity where $1 = any (pg_blocking_pids(pid)))",
                _connection.ProcessID),
            waits => waits,
            "the slower one waits");
        await _transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
