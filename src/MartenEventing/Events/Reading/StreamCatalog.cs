using MartenEventing.Events.Connecting;
using MartenEventing.Schema;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Events.Reading;

/// <summary>Reads what mt_streams tells of streams.</summary>
internal sealed class StreamCatalog(StoreSession session)
{
    private const string Columns =
        "s.id, coalesce(s.version, 0), s.type, s.created, s.timestamp, coalesce(s.is_archived, false)";

    public async Task<StreamState?> FindAsync(StreamId stream, CancellationToken cancellationToken)
    {
        await session.RequireIdentityAsync(stream, cancellationToken);
        return await session.RunPinnedAsync(
            async (connection, token) =>
            {
                await using var command = connection.CreateCommand();
                command.CommandText =
                    $"SELECT {Columns} FROM {session.Prefix}mt_streams s WHERE s.id = $1{session.Scope.And("s", 2)}";
                command.Parameters.With(stream).With(session.Scope);
                await session.PrepareAsync(command, token);
                await using var reader = await command.ExecuteReaderAsync(token);
                return await reader.ReadAsync(token) ? Read(reader) : null;
            },
            cancellationToken);
    }

    public async Task<StreamPage> ListAsync(StreamQuery query, CancellationToken cancellationToken)
    {
        Cursor.RequirePageSize(query.PageSize);
        var identity = (await session.ShapeAsync(cancellationToken)).StreamIdentity;
        var after = ParseCursor(query.After, identity);
        return await session.RunPinnedAsync(
            (connection, token) => ListAsync(connection, query, identity, after, token), cancellationToken);
    }

    private async Task<StreamPage> ListAsync(
        NpgsqlConnection connection,
        StreamQuery query,
        StreamIdentity identity,
        StreamId? after,
        CancellationToken cancellationToken)
    {
        var type = identity == StreamIdentity.Guid ? NpgsqlDbType.Uuid : NpgsqlDbType.Varchar;
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
             SELECT {Columns} FROM {session.Prefix}mt_streams s
              WHERE ($1 IS NULL OR s.id > $1) AND ($2 IS NULL OR s.type = $2)
                AND ($3 IS NULL OR coalesce(s.is_archived, false) = $3) AND ($4 IS NULL OR s.timestamp >= $4)
                    {session.Scope.And("s", 6)}
              ORDER BY s.id LIMIT $5
             """;
        command.Parameters
            .With(type, after?.Name ?? (object?)after?.Guid)
            .With(NpgsqlDbType.Varchar, query.Type)
            .With(NpgsqlDbType.Boolean, query.IsArchived)
            .With(NpgsqlDbType.TimestampTz, query.UpdatedFrom?.ToUniversalTime())
            .With(query.PageSize + 1L)
            .With(session.Scope);
        var streams = new List<StreamState>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            streams.Add(Read(reader));
        if (streams.Count <= query.PageSize)
            return new StreamPage(streams, null);
        streams.RemoveAt(query.PageSize);
        return new StreamPage(streams, streams[^1].Stream.ToString());
    }

    private static StreamId? ParseCursor(string? text, StreamIdentity identity)
    {
        if (text is null)
            return null;
        if (identity == StreamIdentity.String)
            return new StreamId(text);
        return Guid.TryParse(text, out var guid) ? new StreamId(guid) : throw Cursor.Invalid(text);
    }

    private static StreamState Read(NpgsqlDataReader row) => new()
    {
        Stream = EventColumns.StreamOf(row, 0),
        Version = row.GetInt64(1),
        Type = row.IsDBNull(2) ? null : row.GetString(2),
        Created = row.GetFieldValue<DateTimeOffset>(3),
        LastUpdated = row.GetFieldValue<DateTimeOffset>(4),
        IsArchived = row.GetBoolean(5),
    };
}
