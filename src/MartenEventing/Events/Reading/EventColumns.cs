using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>The columns of an event, as every read selects them.</summary>
internal static class EventColumns
{
    /// <summary>For a FROM clause in which the events are <c>e</c>.</summary>
    public const string List =
        "e.seq_id, e.id, e.version, e.data, e.type, e.timestamp, e.tenant_id, e.mt_dotnet_type, e.correlation_id, "
        + "e.causation_id, e.user_name, e.headers, e.is_archived";

    /// <summary>The same and the stream behind them.</summary>
    public const string ListWithStream = List + ", e.stream_id";

    private const int Stream = 13;

    /// <summary>Reads the event of this stream whose columns begin at <paramref name="first"/>.</summary>
    public static StoredEvent Read(NpgsqlDataReader row, int first, StreamId stream) => new()
    {
        Sequence = row.GetInt64(first),
        Id = row.GetGuid(first + 1),
        Stream = stream,
        Version = row.GetInt64(first + 2),
        Data = row.GetString(first + 3),
        Type = row.GetString(first + 4),
        Timestamp = row.GetFieldValue<DateTimeOffset>(first + 5),
        TenantId = Text(row, first + 6),
        DotNetType = Text(row, first + 7),
        CorrelationId = Text(row, first + 8),
        CausationId = Text(row, first + 9),
        UserName = Text(row, first + 10),
        Headers = Text(row, first + 11),
        IsArchived = !row.IsDBNull(first + 12) && row.GetBoolean(first + 12),
    };

    /// <summary>Reads the event whose columns, with the stream, begin at <paramref name="first"/>.</summary>
    public static StoredEvent ReadWithStream(NpgsqlDataReader row, int first) =>
        Read(row, first, StreamOf(row, first + Stream));

    /// <summary>A stream's name, whatever its type. An event in no stream has the empty uuid.</summary>
    public static StreamId StreamOf(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? default
        : row.GetFieldType(column) == typeof(Guid) ? row.GetGuid(column)
        : row.GetString(column);

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
