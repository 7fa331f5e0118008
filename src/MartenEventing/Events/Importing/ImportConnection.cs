using System.Data;
using MartenEventing.Events.Appending;
using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>
/// A connection that an import uses for many batches; opened anew when it is lost, after its server process has ended.
/// </summary>
internal sealed class ImportConnection(StoreSession session, SourceLock? claim = null) : IAsyncDisposable
{
    private readonly LostBackends _lost = new(session.Clock);
    private NpgsqlConnection? _connection;

    /// <summary>The connection, with the claim if the lane has one.</summary>
    /// <exception cref="ImportInProgressException">Somebody else has the claim.</exception>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_connection is { State: ConnectionState.Open })
            return _connection;
        await DisposeAsync();
        var connection = await session.DataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await _lost.EndAsync(connection, cancellationToken);
            if (claim is not null)
                await claim.TakeAsync(connection, cancellationToken);
            _lost.Note(connection);
            return _connection = connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is not { } connection)
            return;
        try
        {
            if (claim is not null && connection.State == ConnectionState.Open)
                await claim.ReleaseAsync(connection);
        }
        catch (NpgsqlException)
        {
            // With the connection the lock is gone, too.
        }

        await connection.DisposeAsync();
    }
}
