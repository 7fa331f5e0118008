using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Load.Writing;

/// <summary>Marten's Quick mode: one call of mt_quick_append_events in a transaction of its own.</summary>
internal sealed class QuickAppender(LoadOptions options) : IAppender
{
    private const string WrongVersion = "MT003";

    public async Task<long[]> AppendAsync(NpgsqlConnection connection, Guid stream, long expected, DateTime[] times)
    {
        await using var command = new NpgsqlCommand(
            $"select {options.Schema}mt_quick_append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", connection);
        Add(command, stream, NpgsqlDbType.Uuid);
        Add(command, "parcel", NpgsqlDbType.Varchar);
        Add(command, options.Tenant, NpgsqlDbType.Varchar);
        AddAll(command, times.Select(_ => Guid.CreateVersion7()), NpgsqlDbType.Uuid);
        AddAll(command, times.Select(_ => "parcel_scanned"), NpgsqlDbType.Varchar);
        AddAll(command, times.Select(_ => "Parcels.ParcelScanned, Parcels"), NpgsqlDbType.Varchar);
        AddAll(command, times.Select(_ => "{\"gate\": 7}"), NpgsqlDbType.Jsonb);
        AddAll(command, times.Select(_ => (byte[]?)null), NpgsqlDbType.Bytea);
        AddAll(command, times, NpgsqlDbType.TimestampTz);
        Add(command, expected, NpgsqlDbType.Bigint);
        try
        {
            return ((long[])(await command.ExecuteScalarAsync())!)[1..];
        }
        catch (PostgresException lost) when (lost.SqlState == WrongVersion || lost.IsLostStream())
        {
            throw new LostStreamException();
        }
    }

    private static void Add(NpgsqlCommand command, object value, NpgsqlDbType type) =>
        command.Parameters.Add(new NpgsqlParameter { Value = value, NpgsqlDbType = type });

    private static void AddAll<T>(NpgsqlCommand command, IEnumerable<T> values, NpgsqlDbType type) =>
        Add(command, values.ToArray(), NpgsqlDbType.Array | type);
}
