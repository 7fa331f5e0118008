using System.Runtime.CompilerServices;
using MartenEventing.PartitionArchive.Reading;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.PartitionArchive.Redacting;

/// <summary>Asks the database whether a legal hold covers anything in an archive.</summary>
internal sealed class ArchiveHolds(NpgsqlConnection connection, string schemaName)
{
    private const int Batch = 1000;

    private readonly string _schema = SqlText.Quote(schemaName) + ".";

    /// <summary>Whether any hold stands.</summary>
    public async Task<bool> AnyStandAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT FROM {_schema}mt_legal_holds WHERE lifted_at IS NULL)", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <exception cref="ArchiveHeldException">One covers something.</exception>
    public async Task RequireNoneAsync(OpenArchive archive, CancellationToken cancellationToken)
    {
        await foreach (var batch in StreamIndex.ReadAsync(archive, cancellationToken).Chunk(Batch)
            .WithCancellation(cancellationToken))
            await foreach (var (stream, hold) in OfStreamsAsync(batch, cancellationToken))
                throw new ArchiveHeldException(archive.Manifest.Name, stream, [hold]);
        foreach (var (hold, from, to) in await RangesAsync(cancellationToken))
        {
            var query = new ArchiveQuery { From = from, To = to };
            await foreach (var held in new QueryReader(archive, query).ReadAsync(cancellationToken))
                throw new ArchiveHeldException(archive.Manifest.Name, held.Stream ?? "", [hold]);
        }
    }

    private async IAsyncEnumerable<(string Stream, long Hold)> OfStreamsAsync(
        IndexedStream[] streams, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT s.stream, h FROM unnest($1::text[], $2::text[]) s (stream, tenant),
                    {_schema}mt_holds_of_stream(s.stream, s.tenant, ARRAY[]::timestamptz[]) h LIMIT 1
             """,
            connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue(streams.Select(stream => stream.Stream).ToArray());
        command.Parameters.AddWithValue(streams.Select(stream => stream.Tenant).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return (reader.GetString(0), reader.GetInt64(1));
    }

    private async Task<List<(long Hold, DateTimeOffset? From, DateTimeOffset? To)>> RangesAsync(
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT id, CASE WHEN isfinite(from_time) THEN from_time END, CASE WHEN isfinite(to_time) THEN to_time END
               FROM {_schema}mt_legal_holds WHERE kind = 'range' AND lifted_at IS NULL ORDER BY id
             """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ranges = new List<(long, DateTimeOffset?, DateTimeOffset?)>();
        while (await reader.ReadAsync(cancellationToken))
            ranges.Add((reader.GetInt64(0), Instant(reader, 1), Instant(reader, 2)));
        return ranges;
    }

    private static DateTimeOffset? Instant(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
