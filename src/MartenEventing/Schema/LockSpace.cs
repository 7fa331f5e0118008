using Npgsql;

namespace MartenEventing.Schema;

/// <summary>What one statement over all partitions of a table takes of the locks that the server has.</summary>
/// <param name="Leaves">How many partitions there are.</param>
/// <param name="PerLeaf">What one partition more would take.</param>
/// <param name="Needed">What a statement over all of them takes: a lock for each table, and each of their
/// indexes.</param>
/// <param name="Room">
/// What the server has for all sessions together: max_locks_per_transaction times the connections and prepared
/// transactions that it allows.
/// </param>
public sealed record LockSpace(long Leaves, long PerLeaf, long Needed, long Room)
{
    /// <summary>So many partitions a store may have on any server.</summary>
    private const int AlwaysAllowed = 8;

    /// <summary>Whether a statement over all takes more than a quarter of them.</summary>
    public bool IsTight => Leaves > AlwaysAllowed && Needed > Room / 4;

    /// <summary>
    /// Whether so many partitions more would make it take more than a quarter; they are refused then.
    /// </summary>
    public bool IsTightWith(long more) => Leaves + more > AlwaysAllowed && Needed + (more * PerLeaf) > Room / 4;

    /// <summary>What is said of it, and the next step.</summary>
    public string Describe(string table, long more = 0) =>
        $"one statement over all of {table} {(more == 0 ? "takes" : $"would take, with {more} partitions more,")} "
        + $"{Needed + (more * PerLeaf)} of the {Room} locks that the server has, more than a quarter: roll old "
        + "partitions up (marten-eventing partitions roll-up), choose a longer period or fewer of them, or raise "
        + "max_locks_per_transaction and restart the server";

    /// <summary>Reads it; null where the store is plain, or its functions are not up to date.</summary>
    /// <param name="connection">A pinned connection.</param>
    /// <param name="schemaName">The schema of the store.</param>
    /// <param name="table">The table that is cut by time, without schema.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal static async Task<LockSpace?> FindAsync(
        NpgsqlConnection connection, string schemaName, string table, CancellationToken cancellationToken)
    {
        var schema = SqlText.Quote(schemaName) + ".";
        await using (var exists = new NpgsqlCommand(
            """
            SELECT to_regprocedure($1) IS NOT NULL
               AND EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass($2) AND c.relkind = 'p')
            """, connection))
        {
            exists.Parameters.AddWithValue(schema + "mt_lock_space(regclass)");
            exists.Parameters.AddWithValue(schema + SqlText.Quote(table));
            if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
                return null;
        }

        await using var command = new NpgsqlCommand(
            $"SELECT leaves, per_leaf, needed, room FROM {schema}mt_lock_space($1::regclass)", connection);
        command.Parameters.AddWithValue(schema + SqlText.Quote(table));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new LockSpace(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }
}
