using MartenEventing.Events.Connecting;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Events.Importing;

/// <summary>How many lines of a source are stored: a row that changes in the transaction of each batch.</summary>
internal sealed class StoredProgress(string prefix, string source)
{
    /// <summary>The name of the source.</summary>
    public string Source => source;

    public async Task<long> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT p.lines FROM {prefix}mt_import_progress p WHERE p.source = $1";
        command.Parameters.With(NpgsqlDbType.Text, source);
        return await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
    }

    public async Task ForgetAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"DELETE FROM {prefix}mt_import_progress p WHERE p.source = $1";
        command.Parameters.With(NpgsqlDbType.Text, source);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static string MoveSql(string prefix) =>
        $"""
         INSERT INTO {prefix}mt_import_progress AS p (source, lines) VALUES ($1, $3)
         ON CONFLICT (source) DO UPDATE SET lines = excluded.lines, updated = now() WHERE p.lines = $2
         """;

    /// <summary>Moves it on.</summary>
    /// <returns>False when it is not where it should be.</returns>
    public async Task<bool> MoveAsync(
        NpgsqlConnection connection, long from, long to, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = MoveSql(prefix);
        command.Parameters.With(NpgsqlDbType.Text, source).With(from).With(to);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
