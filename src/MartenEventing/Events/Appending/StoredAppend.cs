using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Appending;

/// <summary>What the database holds of an append, whose outcome is not known.</summary>
internal sealed class StoredAppend(StoreSession session, IReadOnlyList<StreamAppend> appends)
{
    /// <summary>
    /// What an earlier attempt stored, apart from what this transaction has; null when that is nothing.
    /// </summary>
    public async Task<IReadOnlyList<AppendResult>?> FindAsync(
        NpgsqlConnection connection, IReadOnlyList<AppendResult> except, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
             SELECT e.id, e.version, e.seq_id FROM {session.Prefix}mt_events e
              WHERE e.stream_id {Own.Equal} ANY ($1) AND e.id {Own.Equal} ANY ($2)
                AND e.seq_id {Own.Unequal} ALL ($3){session.Scope.And("e", 4)}
             """;
        command.Parameters.With([.. appends.Select(append => append.Stream)])
            .With(appends.SelectMany(append => append.Events).Select(given => given.Id).ToArray())
            .With(except.SelectMany(result => result.Sequences).ToArray())
            .With(session.Scope);
        var stored = new Dictionary<Guid, (long Version, long Sequence)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            stored[reader.GetGuid(0)] = (reader.GetInt64(1), reader.GetInt64(2));
        return appends.SelectMany(append => append.Events).All(given => stored.ContainsKey(given.Id))
            ? [.. appends.Select(append => Result(append, stored))]
            : null;
    }

    /// <summary>The versions of the streams, by name.</summary>
    public async Task<Dictionary<string, long>> ReadVersionsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
             SELECT s.id::varchar, coalesce(s.version, 0) FROM {session.Prefix}mt_streams s
              WHERE s.id = ANY ($1){session.Scope.And("s", 2)}
             """;
        command.Parameters.With([.. appends.Select(append => append.Stream)]).With(session.Scope);
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            versions.Add(reader.GetString(0), reader.GetInt64(1));
        return versions;
    }

    private static AppendResult Result(StreamAppend append, Dictionary<Guid, (long Version, long Sequence)> stored)
    {
        var found = append.Events.Select(given => stored[given.Id]).ToList();
        return new AppendResult(
            append.Stream, found.Max(place => place.Version), [.. found.Select(place => place.Sequence)]);
    }
}
