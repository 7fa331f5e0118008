using MartenEventing.Events.Connecting;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Events.Appending;

/// <summary>The one statement of an append.</summary>
internal sealed class AppendCommand(StoreSession session, IReadOnlyList<StreamAppend> appends)
{
    private const NpgsqlDbType Texts = NpgsqlDbType.Array | NpgsqlDbType.Varchar;
    private const NpgsqlDbType Bodies = NpgsqlDbType.Array | NpgsqlDbType.Jsonb;
    private const NpgsqlDbType Times = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz;

    private readonly NewEvent[] _events = [.. appends.SelectMany(append => append.Events)];

    public async Task<IReadOnlyList<AppendResult>> ExecuteAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        if (appends is [var single])
            ToOneStream(command, single);
        else
            ToSeveral(command);
        await session.PrepareAsync(command, cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        long[] versions = appends.Count == 1 ? [reader.GetInt64(0)] : reader.GetFieldValue<long[]>(0);
        return Results(versions, reader.GetFieldValue<long[]>(1));
    }

    private void ToOneStream(NpgsqlCommand command, StreamAppend append)
    {
        command.CommandText =
            $"""
             SELECT version, sequences
               FROM {session.Prefix}mt_append_to_stream($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             """;
        command.Parameters.With(append.Stream)
            .With(NpgsqlDbType.Varchar, append.StreamType)
            .With(NpgsqlDbType.Bigint, append.Expected.Value);
        AddEvents(command.Parameters);
    }

    private void ToSeveral(NpgsqlCommand command)
    {
        command.CommandText =
            $"""
             SELECT versions, sequences
               FROM {session.Prefix}mt_append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             """;
        command.Parameters.With([.. appends.Select(append => append.Stream)])
            .With(Texts, appends.Select(append => append.StreamType).ToArray())
            .With(NpgsqlDbType.Array | NpgsqlDbType.Bigint, appends.Select(append => append.Expected.Value).ToArray())
            .With(NpgsqlDbType.Array | NpgsqlDbType.Integer, appends.Select(append => append.Events.Count).ToArray());
        AddEvents(command.Parameters);
    }

    private void AddEvents(NpgsqlParameterCollection parameters) => parameters
        .With(_events.Select(given => given.Id).ToArray())
        .With(Texts, _events.Select(given => given.Type).ToArray())
        .With(Texts, TextsOrNull(given => given.DotNetType))
        .With(Bodies, _events.Select(given => given.Data).ToArray())
        .With(Times, TimesOrNull())
        .With(Texts, TextsOrNull(given => given.CorrelationId))
        .With(Texts, TextsOrNull(given => given.CausationId))
        .With(Texts, TextsOrNull(given => given.UserName))
        .With(Bodies, TextsOrNull(given => given.Headers))
        .With(NpgsqlDbType.Varchar, session.Scope.Tenant);

    /// <summary>NULL instead of an array of NULLs.</summary>
    private string?[]? TextsOrNull(Func<NewEvent, string?> text) =>
        Array.Exists(_events, given => text(given) is not null) ? [.. _events.Select(text)] : null;

    private DateTimeOffset?[]? TimesOrNull() =>
        Array.Exists(_events, given => given.Timestamp is not null)
            ? [.. _events.Select(given => given.Timestamp?.ToUniversalTime())]
            : null;

    private AppendResult[] Results(long[] versions, long[] sequences)
    {
        var results = new AppendResult[appends.Count];
        var start = 0;
        for (var i = 0; i < results.Length; i++)
        {
            var end = start + appends[i].Events.Count;
            results[i] = new AppendResult(appends[i].Stream, versions[i], sequences[start..end]);
            start = end;
        }

        return results;
    }
}
