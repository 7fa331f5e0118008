using MartenEventing.PartitionArchive.Reading;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.PartitionArchive.Redacting;

/// <summary>Asks the database whether a legal hold covers what is to be erased from an archive.</summary>
internal sealed class StreamHolds
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _archive;
    private readonly RedactionRequest _request;
    private readonly List<(string? Tenant, string[] Times)> _events;

    private StreamHolds(string archive, RedactionRequest request, List<(string?, string[])> events) =>
        (_archive, _request, _events) = (archive, request, events);

    /// <summary>How many events of the stream the archive holds.</summary>
    public long Events => _events.Sum(tenant => (long)tenant.Times.Length);

    /// <summary>Reads when the events were that are to be erased.</summary>
    public static async Task<StreamHolds> ReadAsync(
        OpenArchive archive, RedactionRequest request, CancellationToken cancellationToken)
    {
        var query = new ArchiveQuery { Stream = request.Stream, Tenant = request.Tenant };
        var events = await new QueryReader(archive, query).ReadAsync(cancellationToken)
            .Select(found => (found.Tenant, found.Timestamp)).ToListAsync(cancellationToken);
        return new StreamHolds(
            archive.Manifest.Name, request,
            [
                .. events.GroupBy(found => found.Tenant, found => found.Timestamp)
                    .Select(tenant => (tenant.Key, tenant.ToArray())),
            ]);
    }

    /// <summary>Asks, and in a transaction that has begun keeps new holds waiting until it ends.</summary>
    /// <exception cref="ArchiveHeldException">A hold covers the stream.</exception>
    public async Task RequireNoneAsync(
        NpgsqlConnection connection, string schemaName, bool keepWaiting, CancellationToken cancellationToken)
    {
        var schema = SqlText.Quote(schemaName);
        if (keepWaiting)
        {
            await PinnedConnection.BoundWaitsAsync(connection, Patience, isLocal: true, cancellationToken);
            await using var wait = new NpgsqlCommand(
                $"LOCK TABLE {schema}.mt_legal_holds IN SHARE MODE", connection) { CommandTimeout = 0 };
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }

        var holds = new SortedSet<long>();
        foreach (var (tenant, times) in _events)
        {
            await using var command = new NpgsqlCommand(
                $"SELECT {schema}.mt_holds_of_stream($1, $2, $3::text[]::timestamptz[])",
                connection) { CommandTimeout = 0 };
            command.Parameters.AddWithValue(_request.Stream);
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)tenant ?? DBNull.Value,
            });
            command.Parameters.AddWithValue(times);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                holds.Add(reader.GetInt64(0));
        }

        if (holds.Count > 0)
            throw new ArchiveHeldException(_archive, _request.Stream, [.. holds]);
    }
}
