using MartenEventing.Benchmarks.Data;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>
/// Appends by the function that inserts event by event, in a prepared command: one round trip a call.
/// </summary>
internal sealed class FunctionAppender : IAppender
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _command;

    private FunctionAppender(NpgsqlConnection connection)
    {
        _connection = connection;
        _command = new NpgsqlCommand(SqlFile.Read("append_event_by_event"), connection);
        NpgsqlDbType[] types =
        [
            NpgsqlDbType.Uuid, NpgsqlDbType.Varchar, NpgsqlDbType.Varchar,
            Array(NpgsqlDbType.Uuid), Array(NpgsqlDbType.Varchar), Array(NpgsqlDbType.Varchar),
            Array(NpgsqlDbType.Jsonb), Array(NpgsqlDbType.Bytea), Array(NpgsqlDbType.TimestampTz),
        ];
        foreach (var type in types)
            _command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        _command.Parameters[1].Value = ParcelEvents.StreamType;
        _command.Parameters[2].Value = ParcelEvents.Tenant;
        _command.Parameters[7].Value = new byte[]?[AppendedEvents.Count];
    }

    public static async Task<IAppender> OpenAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var appender = new FunctionAppender(await source.OpenConnectionAsync(cancellation));
        await appender._command.PrepareAsync(cancellation);
        return appender;
    }

    public async Task AppendAsync(AppendedEvents events, CancellationToken cancellation)
    {
        _command.Parameters[0].Value = events.Stream;
        _command.Parameters[3].Value = events.Ids;
        _command.Parameters[4].Value = events.Types;
        _command.Parameters[5].Value = events.DotNetTypes;
        _command.Parameters[6].Value = events.Bodies;
        _command.Parameters[8].Value = events.Timestamps;
        await _command.ExecuteScalarAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private static NpgsqlDbType Array(NpgsqlDbType element) => NpgsqlDbType.Array | element;
}
