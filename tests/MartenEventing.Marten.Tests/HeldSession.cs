using Marten;
using Marten.Services;
using Npgsql;

namespace MartenEventing.Tests;

/// <summary>A session whose transaction stays open after SaveChanges, until the test commits it.</summary>
public sealed class HeldSession : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private HeldSession(NpgsqlConnection connection, NpgsqlTransaction transaction, IDocumentSession session)
    {
        (_connection, _transaction, Session) = (connection, transaction, session);
    }

    public IDocumentSession Session { get; }

    /// <summary>The transaction has begun, by the database's clock too.</summary>
    public static async Task<HeldSession> OpenAsync(
        IDocumentStore store, NpgsqlDataSource source, string? tenant = null)
    {
        var connection = await source.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("SELECT now()", connection, transaction))
            await command.ExecuteScalarAsync();
        var options = SessionOptions.ForTransaction(transaction);
        options.TenantId = tenant ?? options.TenantId;
        return new(connection, transaction, store.LightweightSession(options));
    }

    public Task CommitAsync() => _transaction.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
