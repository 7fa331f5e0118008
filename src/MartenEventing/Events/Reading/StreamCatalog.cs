using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>Reads what mt_streams tells of streams.</summary>
internal sealed class StreamCatalog(StoreSession session)
{
    private const string Columns = "s.id, coalesce(s.version, 0), s.type, s.created, s.timestamp, coalesce(s.is_archived, false)";

    public async Task<StreamState?> FindAsync(StreamId stream, CancellationToken cancellationToken)
    {
        await session.RequireIdentityAsync(stream, cancellationToken);
        return await session.RunAsync(
            async (connection, token) =>
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"SELECT {Columns} FROM {session.Prefix}mt_streams s WHERE s.id = $1";
                command.Parameters.With(stream);
                await session.PrepareAsync(command, token);
                await using var reader = await command.ExecuteReaderAsync(token);
                return await reader.ReadAsync(token) ? Read(reader) : null;
            },
            cancellationToken);
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
