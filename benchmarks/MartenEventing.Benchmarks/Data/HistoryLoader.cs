using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Benchmarks.Data;

/// <summary>Copies a history into a store, all of it in one transaction.</summary>
internal static class HistoryLoader
{
    private const string StreamColumns = "mt_streams (id, type, version, timestamp, created, tenant_id)";

    private const string EventColumns =
        "(seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)";

    /// <summary>Streams, events and the state of the sequence.</summary>
    public static async Task LoadAsync(
        NpgsqlDataSource source, EventHistory history, Side side, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (side == Side.Partitioned)
            await connection.ExecuteAsync("SELECT mt_guard_vouch()", cancellation);
        await CopyStreamsAsync(connection, history, cancellation);
        await CopyEventsAsync(connection, "mt_events", history, ParcelEvents.Body, cancellation);
        await connection.ExecuteAsync($"SELECT setval('mt_events_sequence', {history.LastSequence})", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task CopyStreamsAsync(
        NpgsqlConnection connection, EventHistory history, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY {StreamColumns} FROM STDIN (FORMAT binary)", cancellation);
        foreach (var stream in history.Streams)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(stream.Id, NpgsqlDbType.Uuid, cancellation);
            await copy.WriteAsync(ParcelEvents.StreamType, NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync((long)stream.Events, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(stream.LastEvent.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync(stream.Created.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync(ParcelEvents.Tenant, NpgsqlDbType.Varchar, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    /// <summary>The events alone, into a table with the columns of mt_events.</summary>
    public static async Task CopyEventsAsync(
        NpgsqlConnection connection, string table, EventHistory history, Func<int, string> body,
        CancellationToken cancellation)
    {
        var ids = new SeededIds(new Random(history.Events.Count));
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY {table} {EventColumns} FROM STDIN (FORMAT binary)", cancellation);
        for (var index = 0; index < history.Events.Count; index++)
        {
            var @event = history.Events[index];
            copy.StartRow();
            copy.Write(history.FirstSequence + index, NpgsqlDbType.Bigint);
            copy.Write(ids.At(@event.Time), NpgsqlDbType.Uuid);
            copy.Write(history.Streams[@event.Stream].Id, NpgsqlDbType.Uuid);
            copy.Write((long)@event.Version, NpgsqlDbType.Bigint);
            copy.Write(body(index), NpgsqlDbType.Jsonb);
            copy.Write(ParcelEvents.Type(index), NpgsqlDbType.Varchar);
            copy.Write(@event.Time, NpgsqlDbType.TimestampTz);
            copy.Write(ParcelEvents.Tenant, NpgsqlDbType.Varchar);
            copy.Write(ParcelEvents.DotNetType(index), NpgsqlDbType.Varchar);
        }

        await copy.CompleteAsync(cancellation);
    }
}
