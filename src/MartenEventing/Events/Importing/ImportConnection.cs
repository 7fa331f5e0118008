using System.Data;
using MartenEventing.Events.Appending;
using MartenEventing.Events.Connecting;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>
/// A connection that an import uses for many batches; opened anew when it is lost, after its server process has ended.
/// </summary>
internal sealed class ImportConnection(StoreSession session, SourceLock? claim = null) : IAsyncDisposable
{
    private readonly LostBackends _lost = new(session.Clock);
    private PinnedConnection? _pinned;

    /// <summary>The connection, with the claim if the lane has one.</summary>
    /// <exception cref="ImportInProgressException">Somebody else has the claim.</exception>
    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (_pinned?.Connection is { State: ConnectionState.Open } open)
            return open;
        await DisposeAsync();
        var pinned = await PinnedConnection.OpenAsync(session.DataSource, cancellationToken);
        var connection = pinned.Connection;
        try
        {
            await _lost.EndAsync(connection, cancellationToken);
            if (claim is not null)
                await claim.TakeAsync(pinned, cancellationToken);
            _lost.Note(connection);
            _pinned = pinned;
            return connection;
        }
        catch
        {
            await pinned.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _pinned, null) is not { } pinned)
            return;
        try
        {
            if (claim is not null && pinned.Connection.State == ConnectionState.Open)
                await claim.ReleaseAsync(pinned.Connection);
        }
        catch (NpgsqlException)
        {
            // With the connection the lock is gone, too.
        }

        await pinned.DisposeAsync();
    }
}
