using MartenEventing.Events.Connecting;
using Npgsql;

namespace MartenEventing.Events.Reading;

/// <summary>What mt_streams tells: a stream's version, and the span of time that all its events lie in.</summary>
internal sealed record StreamLife(long Version, DateTimeOffset Earliest, DateTimeOffset Latest)
{
    /// <summary>
    /// Of what <see cref="From"/> finds. Events outside of a stream's life by more than clocks differ have their bounds
    /// recorded.
    /// </summary>
    public const string Columns =
        $"""
        s.version, least(s.created {Own.Minus} interval '{ClockSkew.OfLife}', b.earliest),
               greatest(s.timestamp {Own.Plus} interval '{ClockSkew.OfLife}', b.latest)
        """;

    /// <summary>
    /// The streams as <c>s</c>, and as <c>b</c> the bounds of each: from their table or, for who may not read it, from
    /// a function that tells those of one stream, which costs ten microseconds.
    /// </summary>
    public static string From(string schema, TenantScope scope, bool seesBounds) => $"{schema}mt_streams s "
        + (seesBounds
            ? $"LEFT JOIN {schema}mt_stream_bounds b ON b.stream_id {Own.Equal} s.id{scope.AndSame("b", "s")}"
            : $"CROSS JOIN {schema}mt_stream_bounds_of({(scope.IsConjoined ? "s.tenant_id, " : "")}s.id) b");

    /// <summary>The life of stream $1, where need be of tenant $2.</summary>
    public static string Sql(string schema, TenantScope scope, bool seesBounds) =>
        $"SELECT {Columns} FROM {From(schema, scope, seesBounds)} WHERE s.id {Own.Equal} $1{scope.And("s", 2)}";

    /// <summary>Reads it; null when there is no such stream, or none with events.</summary>
    public static async Task<StreamLife?> ReadAsync(
        StoreSession session, NpgsqlConnection connection, StreamId stream, bool seesBounds,
        CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Sql(session.Prefix, session.Scope, seesBounds);
        command.Parameters.With(stream).With(session.Scope);
        await session.PrepareAsync(command, cancellationToken);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    public static StreamLife? Read(NpgsqlDataReader row) => row.IsDBNull(0) || row.GetInt64(0) == 0
        ? null
        : new StreamLife(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2));
}
