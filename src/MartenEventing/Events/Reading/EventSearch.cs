using System.Text.Json;
using MartenEventing.Events.Connecting;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Events.Reading;

/// <summary>
/// Looks for events through the parent. The statement is planned anew each time, for its values: conditions that are
/// not given fall away, and so do partitions beyond the time window.
/// </summary>
internal sealed class EventSearch(StoreSession session)
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);

    public async Task<EventPage> FindAsync(EventQuery query, CancellationToken cancellationToken)
    {
        Cursor.RequirePageSize(query.PageSize);
        RequireObject(query.HeadersContain);
        var cursor = Cursor.Parse(query.After, query.Order);
        if (query.Stream is { } stream)
            await session.RequireIdentityAsync(stream, cancellationToken);
        var events = await session.RunPinnedAsync(
            (connection, token) => FindAsync(connection, query, cursor, token), cancellationToken);
        if (events.Count <= query.PageSize)
            return new EventPage(events, null);
        events.RemoveAt(query.PageSize);
        return new EventPage(events, Cursor.After(events[^1], query.Order));
    }

    public async Task<StoredEvent?> GetAsync(
        Guid id, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        if (from is null && to is null && UuidTime.Of(id) is { } made
            && await session.RunPinnedAsync(
                (connection, token) => GetAsync(connection, id, made - ClockSkew, made + ClockSkew, token),
                cancellationToken) is { } found)
            return found;
        return await session.RunPinnedAsync(
            (connection, token) => GetAsync(connection, id, from, to, token), cancellationToken);
    }

    private async Task<List<StoredEvent>> FindAsync(
        NpgsqlConnection connection, EventQuery query, Cursor? cursor, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
             SELECT {EventColumns.ListWithStream} FROM {session.Prefix}mt_events e
              WHERE ($1 IS NULL OR e.type = ANY ($1)) AND ($2 IS NULL OR e.user_name = $2)
                AND ($3 IS NULL OR e.correlation_id = $3) AND ($4 IS NULL OR e.causation_id = $4)
                AND ($5 IS NULL OR e.timestamp >= $5) AND ($6 IS NULL OR e.timestamp < $6)
                AND ($7 IS NULL OR e.headers @> $7) {OfStream(query)} AND {AfterCursor(query.Order)}
              ORDER BY {OrderBy(query.Order)} LIMIT {query.PageSize + 1}
             """;
        command.Parameters
            .With(NpgsqlDbType.Array | NpgsqlDbType.Varchar, query.Types.Count == 0 ? null : query.Types.ToArray())
            .With(NpgsqlDbType.Varchar, query.UserName)
            .With(NpgsqlDbType.Varchar, query.CorrelationId)
            .With(NpgsqlDbType.Varchar, query.CausationId)
            .With(NpgsqlDbType.TimestampTz, query.From?.ToUniversalTime())
            .With(NpgsqlDbType.TimestampTz, query.To?.ToUniversalTime())
            .With(NpgsqlDbType.Jsonb, query.HeadersContain)
            .With(NpgsqlDbType.Bigint, cursor?.Sequence)
            .With(NpgsqlDbType.TimestampTz, cursor?.Time);
        if (query.Stream is { } stream)
            command.Parameters.With(stream);
        command.Parameters.With(session.Scope);
        return await ReadAsync(command, cancellationToken);
    }

    private async Task<StoredEvent?> GetAsync(
        NpgsqlConnection connection,
        Guid id,
        DateTimeOffset? from,
        DateTimeOffset? to,
        CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
             SELECT {EventColumns.ListWithStream} FROM {session.Prefix}mt_events e
              WHERE e.id = $1 AND ($2 IS NULL OR e.timestamp >= $2) AND ($3 IS NULL OR e.timestamp < $3)
                    {session.Scope.And("e", 4)}
              LIMIT 1
             """;
        command.Parameters.With(id)
            .With(NpgsqlDbType.TimestampTz, from?.ToUniversalTime())
            .With(NpgsqlDbType.TimestampTz, to?.ToUniversalTime())
            .With(session.Scope);
        return (await ReadAsync(command, cancellationToken)).FirstOrDefault();
    }

    private static async Task<List<StoredEvent>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var events = new List<StoredEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            events.Add(EventColumns.ReadWithStream(reader, 0));
        return events;
    }

    private string OfStream(EventQuery query) => query.Stream is null
        ? session.Scope.And("e", 10)
        : "AND e.stream_id = $10" + session.Scope.And("e", 11);

    /// <summary>The bare condition on the time is what leaves partitions out.</summary>
    private static string AfterCursor(EventOrder order) => order switch
    {
        EventOrder.Sequence => "($8 IS NULL OR e.seq_id > $8) AND $9 IS NULL",
        EventOrder.SequenceDescending => "($8 IS NULL OR e.seq_id < $8) AND $9 IS NULL",
        EventOrder.Time => "($9 IS NULL OR e.timestamp >= $9 AND (e.timestamp, e.seq_id) > ($9, $8))",
        _ => "($9 IS NULL OR e.timestamp <= $9 AND (e.timestamp, e.seq_id) < ($9, $8))",
    };

    private static string OrderBy(EventOrder order) => order switch
    {
        EventOrder.Sequence => "e.seq_id",
        EventOrder.SequenceDescending => "e.seq_id DESC",
        EventOrder.Time => "e.timestamp, e.seq_id",
        _ => "e.timestamp DESC, e.seq_id DESC",
    };

    private static void RequireObject(string? headers)
    {
        if (headers is null)
            return;
        try
        {
            using var document = JsonDocument.Parse(headers);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return;
        }
        catch (JsonException)
        {
            // Told below.
        }

        throw new ArgumentException(
            $$"""The headers to look for are {{headers}}. Give a JSON object: {"device": "scanner 7"}.""",
            "HeadersContain");
    }
}
