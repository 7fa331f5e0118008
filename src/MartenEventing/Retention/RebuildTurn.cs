using System.Data;
using System.Globalization;
using MartenEventing.Politeness;
using Npgsql;

namespace MartenEventing.Retention;

/// <summary>
/// Holds off retention in one database, for as long as its history is read again: a rebuilt projection has no progress
/// that retention could wait for. Others may rebuild at the same time. Disposed, it lets retention go on.
/// </summary>
public sealed class RebuildTurn : IAsyncDisposable
{
    /// <summary>How long maintenance that is under way is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly PinnedConnection _session;
    private readonly string? _schema;

    private RebuildTurn(PinnedConnection session, string? schema) => (_session, _schema) = (session, schema);

    /// <summary>
    /// Waits for the maintenance that is under way: it may have looked for rebuilds before there was this one. Holds
    /// off nobody where the store is not partitioned.
    /// </summary>
    /// <exception cref="GaveUpWaitingException">It took longer than half an hour.</exception>
    /// <exception cref="SessionNotKeptException">A pooler in between keeps no sessions.</exception>
    public static async Task<RebuildTurn> TakeAsync(
        NpgsqlDataSource dataSource, string schemaName, CancellationToken cancellationToken = default)
    {
        var session = await PinnedConnection.OpenAsync(dataSource, cancellationToken);
        try
        {
            var schema = SqlText.Quote(schemaName);
            var turn = new RebuildTurn(
                session, await IsKnownAsync(session.Connection, schema, cancellationToken) ? schema : null);
            await session.BoundWaitsAsync(Patience, cancellationToken);
            await turn.RunAsync("pg_catalog.pg_advisory_lock_shared({0}.mt_rebuild_lock())", cancellationToken);
            await turn.WaitAsync("pg_catalog.pg_advisory_lock({0}.mt_maintenance_lock())", cancellationToken);
            await turn.RunAsync("pg_catalog.pg_advisory_unlock({0}.mt_maintenance_lock())", cancellationToken);
            return turn;
        }
        catch
        {
            await ReleaseAsync(session);
            throw;
        }
    }

    /// <summary>Lets retention go on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_session.Connection.FullState == ConnectionState.Open)
            await RunAsync("pg_catalog.pg_advisory_unlock_shared({0}.mt_rebuild_lock())", CancellationToken.None);
        await _session.DisposeAsync();
    }

    /// <summary>Without the locks it may have taken: a pool need not give them back.</summary>
    private static async Task ReleaseAsync(PinnedConnection session)
    {
        if (session.Connection.FullState == ConnectionState.Open)
        {
            await using var command = new NpgsqlCommand(
                "SELECT pg_catalog.pg_advisory_unlock_all()", session.Connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await session.DisposeAsync();
    }

    private Task WaitAsync(string call, CancellationToken cancellationToken) => _session.Watch().RunAsync(
        () => RunAsync(call, cancellationToken), Patience, "The rebuild waited for the maintenance that is under way");

    private static async Task<bool> IsKnownAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT pg_catalog.to_regprocedure($1 OPERATOR(pg_catalog.||) '.mt_rebuild_lock()') IS NOT NULL",
            connection);
        command.Parameters.AddWithValue(schema);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<int> RunAsync(string call, CancellationToken cancellationToken)
    {
        if (_schema is null)
            return 0;
        await using var command = new NpgsqlCommand(
            "SELECT " + string.Format(CultureInfo.InvariantCulture, call, _schema), _session.Connection);
        command.CommandTimeout = 0;
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
