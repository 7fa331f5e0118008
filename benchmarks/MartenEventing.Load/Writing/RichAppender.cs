using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Load.Writing;

/// <summary>
/// Marten's Rich mode: sequence numbers are drawn first, outside the transaction; then one batch moves the stream on,
/// if it is still where it was, and inserts the events one by one.
/// </summary>
internal sealed class RichAppender(LoadOptions options) : IAppender
{
    public async Task<long[]> AppendAsync(NpgsqlConnection connection, Guid stream, long expected, DateTime[] times)
    {
        var numbers = await DrawAsync(connection, times.Length);
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(expected == 0 ? Insert(stream, times.Length) : Update(stream, expected, times.Length));
        for (var i = 0; i < times.Length; i++)
            batch.BatchCommands.Add(Event(stream, expected + i + 1, times[i], numbers[i]));
        try
        {
            await using (var reader = await batch.ExecuteReaderAsync())
            {
                if (expected > 0 && !await reader.ReadAsync())
                    throw new LostStreamException();
                while (await reader.NextResultAsync())
                    await reader.ReadAsync();
            }

            await transaction.CommitAsync();
            return numbers;
        }
        catch (PostgresException lost) when (lost.IsLostStream())
        {
            throw new LostStreamException();
        }
    }

    private async Task<long[]> DrawAsync(NpgsqlConnection connection, int count)
    {
        await using var command = new NpgsqlCommand(
            $"select nextval('{options.Schema}mt_events_sequence') from generate_series(1, {count})", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var numbers = new List<long>(count);
        while (await reader.ReadAsync())
            numbers.Add(reader.GetInt64(0));
        return [.. numbers];
    }

    private NpgsqlBatchCommand Insert(Guid stream, long version) => Command(
        $"insert into {options.Schema}mt_streams (id, type, version, tenant_id) values ($1, $2, $3, $4)",
        (stream, NpgsqlDbType.Uuid), ("parcel", NpgsqlDbType.Varchar), (version, NpgsqlDbType.Bigint),
        (options.Tenant, NpgsqlDbType.Varchar));

    private NpgsqlBatchCommand Update(Guid stream, long expected, int count) => Command(
        $"update {options.Schema}mt_streams set version = $1 where id = $2 and version = $3 and tenant_id = $4 "
        + "returning version",
        (expected + count, NpgsqlDbType.Bigint), (stream, NpgsqlDbType.Uuid), (expected, NpgsqlDbType.Bigint),
        (options.Tenant, NpgsqlDbType.Varchar));

    private NpgsqlBatchCommand Event(Guid stream, long version, DateTime time, long number) => Command(
        $"insert into {options.Schema}mt_events (data, type, mt_dotnet_type, id, stream_id, version, timestamp, "
        + "tenant_id, seq_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        ("{\"gate\": 7}", NpgsqlDbType.Jsonb), ("parcel_scanned", NpgsqlDbType.Varchar),
        ("Parcels.ParcelScanned, Parcels", NpgsqlDbType.Varchar), (Guid.CreateVersion7(), NpgsqlDbType.Uuid),
        (stream, NpgsqlDbType.Uuid), (version, NpgsqlDbType.Bigint), (time, NpgsqlDbType.TimestampTz),
        (options.Tenant, NpgsqlDbType.Varchar), (number, NpgsqlDbType.Bigint));

    private static NpgsqlBatchCommand Command(string sql, params (object Value, NpgsqlDbType Type)[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (value, type) in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });
        return command;
    }
}
