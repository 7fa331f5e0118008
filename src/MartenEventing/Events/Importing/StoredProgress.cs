using MartenEventing.Events.Connecting;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Events.Importing;

/// <summary>
/// What of a source is stored: a row that changes in the transaction of each batch; and when a batch is stored in two
/// transactions, another row from the first to the second.
/// </summary>
internal sealed class StoredProgress(StoreSession session, string source, StreamIdentity identity)
{
    private const string Half = " below ";

    /// <summary>What the rows call the source.</summary>
    private readonly string _name = session.Scope.Named(source);

    /// <summary>The name of the source.</summary>
    public string Source => source;

    public static string MoveSql(string prefix) =>
        $"""
         INSERT INTO {prefix}mt_import_progress AS p (source, lines) VALUES ($1, $3)
         ON CONFLICT (source) DO UPDATE SET lines = excluded.lines, updated = now() WHERE p.lines = $2
         """;

    public async Task<ImportState> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText =
            $"""
             SELECT p.source, p.lines FROM {session.Prefix}mt_import_progress p
              WHERE p.source = $1 OR starts_with(p.source, $2)
             """;
        command.Parameters.With(_name).With(_name + Half);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (stored, halves) = (0L, new List<(StreamId, long)>());
        while (await reader.ReadAsync(cancellationToken))
        {
            var (name, lines) = (reader.GetString(0), reader.GetInt64(1));
            if (name == _name)
                stored = lines;
            else
                halves.Add((StreamId.Parse(name[(_name + Half).Length..], identity), lines));
        }

        return new ImportState(stored, halves);
    }

    public Task ForgetAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection,
            $"DELETE FROM {session.Prefix}mt_import_progress p WHERE p.source = $1 OR starts_with(p.source, $2)",
            parameters => parameters.With(_name).With(_name + Half), cancellationToken);

    /// <summary>Moves it on.</summary>
    /// <returns>False when it is not where it should be.</returns>
    public async Task<bool> MoveAsync(
        NpgsqlConnection connection, long from, long to, CancellationToken cancellationToken)
    {
        var moved = await ExecuteAsync(
            connection, MoveSql(session.Prefix),
            parameters => parameters.With(_name).With(from).With(to), cancellationToken);
        if (moved == 1)
            await ExecuteAsync(
                connection,
                $"DELETE FROM {session.Prefix}mt_import_progress p WHERE starts_with(p.source, $1) AND p.lines <= $2",
                parameters => parameters.With(_name + Half).With(to), cancellationToken);
        return moved == 1;
    }

    /// <summary>Notes that the first half of a batch is stored.</summary>
    /// <returns>False when the progress is not where it should be.</returns>
    public async Task<bool> MoveHalfAsync(
        NpgsqlConnection connection, BatchSplit split, CancellationToken cancellationToken)
    {
        var lines = split.First.LinesBefore;
        return await MoveAsync(connection, lines, lines, cancellationToken)
            && await ExecuteAsync(
                connection,
                $"""
                 INSERT INTO {session.Prefix}mt_import_progress AS p (source, lines) VALUES ($1, $2)
                 ON CONFLICT (source) DO UPDATE SET lines = greatest(p.lines, excluded.lines), updated = now()
                 """,
                parameters => parameters.With($"{_name}{Half}{split.Below}").With(split.First.LinesAfter),
                cancellationToken) == 1;
    }

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, Action<NpgsqlParameterCollection> fill,
        CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = sql;
        fill(command.Parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
