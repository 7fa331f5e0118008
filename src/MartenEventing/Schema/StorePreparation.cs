using MartenEventing.Politeness;
using Npgsql;

namespace MartenEventing.Schema;

/// <summary>Lets one instance at a time make a store's tables, for makers that fail where two run at once.</summary>
public static class StorePreparation
{
    /// <summary>How long another instance is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Runs it while no other instance does.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="schemaName">The schema of the store.</param>
    /// <param name="prepare">What makes the store, in connections of its own.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="GaveUpWaitingException">Another instance took longer than ten minutes.</exception>
    public static async Task RunAloneAsync(
        NpgsqlDataSource dataSource, string schemaName, Func<CancellationToken, Task> prepare,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(prepare);
        await using var pinned = await PinnedConnection.BeginAsync(dataSource, cancellationToken);
        var watch = await pinned.WatchTransactionAsync(null, cancellationToken);
        await PinnedConnection.BoundWaitsAsync(pinned.Connection, Patience, isLocal: true, cancellationToken);
        await using var command = pinned.Connection.CreateCommand();
        command.CommandText = "SELECT pg_advisory_xact_lock(hashtextextended('marten-eventing prepare ' || $1, 0))";
        command.Parameters.AddWithValue(schemaName);
        command.CommandTimeout = 0;
        await watch.RunAsync(
            () => command.ExecuteNonQueryAsync(cancellationToken), Patience,
            $"Another instance prepares schema \"{schemaName}\"");
        await prepare(cancellationToken);
    }
}
