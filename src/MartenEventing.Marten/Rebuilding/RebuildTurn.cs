using Marten;
using Marten.Storage;
using MartenEventing.Modeling;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Rebuilding;

/// <summary>
/// Holds off retention in one database, for as long as its history is read again: a rebuilt projection has no progress that
/// retention could wait for. Others may rebuild at the same time.
/// </summary>
internal sealed class RebuildTurn : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly string? _schema;

    private RebuildTurn(NpgsqlConnection connection, string? schema) => (_connection, _schema) = (connection, schema);

    /// <summary>
    /// Waits for the maintenance that is under way: it may have looked for rebuilds before there was this one. Holds off
    /// nobody where the store is not partitioned.
    /// </summary>
    public static async Task<RebuildTurn> TakeAsync(
        IDocumentStore store, IMartenDatabase database, CancellationToken cancellationToken)
    {
        var connection = database.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            var schema = SqlText.Quote(StoreConfiguration.SchemaNameOf(store.Options));
            var turn = new RebuildTurn(connection, await IsKnownAsync(connection, schema, cancellationToken) ? schema : null);
            await turn.RunAsync("pg_catalog.pg_advisory_lock_shared({0}.mt_rebuild_lock())", cancellationToken);
            await turn.RunAsync("pg_catalog.pg_advisory_lock({0}.mt_maintenance_lock())", cancellationToken);
            await turn.RunAsync("pg_catalog.pg_advisory_unlock({0}.mt_maintenance_lock())", cancellationToken);
            return turn;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection.FullState == System.Data.ConnectionState.Open)
            await RunAsync("pg_catalog.pg_advisory_unlock_shared({0}.mt_rebuild_lock())", CancellationToken.None);
        await _connection.DisposeAsync();
    }

    private static async Task<bool> IsKnownAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT pg_catalog.to_regprocedure($1 OPERATOR(pg_catalog.||) '.mt_rebuild_lock()') IS NOT NULL", connection);
        command.Parameters.AddWithValue(schema);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task RunAsync(string call, CancellationToken cancellationToken)
    {
        if (_schema is null)
            return;
        await using var command = new NpgsqlCommand("SELECT " + string.Format(call, _schema), _connection);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
