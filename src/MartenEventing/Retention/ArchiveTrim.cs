using MartenEventing.PartitionArchive;
using MartenEventing.PartitionArchive.Reading;
using MartenEventing.PartitionArchive.Redacting;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using Npgsql;

namespace MartenEventing.Retention;

/// <summary>
/// Takes streams out of an archive again that were archived to be removed and then lived on, because somebody wrote to
/// them or held them meanwhile: an archive of retention holds what is gone, and nothing that was masked later.
/// </summary>
internal sealed class ArchiveTrim(PartitionArchives archives, RecordedRedaction record)
{
    private const int Batch = 1000;
    private const string Reason = "it lives on: written to or held while retention ran";

    /// <summary>Null when nothing of it was left, and so neither was the archive.</summary>
    public async Task<string?> RunAsync(
        PoliteSession session, string name, long removedStreams, CancellationToken cancellationToken)
    {
        var manifest = await archives.ReadManifestAsync(name, cancellationToken);
        if (manifest.Streams == removedStreams)
            return name;
        var living = new List<IndexedStream>();
        await foreach (var batch in archives.StreamsAsync(name, cancellationToken).Chunk(Batch).WithCancellation(
            cancellationToken))
            living.AddRange(await LivingAsync(session, batch, cancellationToken));
        if (living.Count == manifest.Streams)
        {
            await archives.DropAsync(name, cancellationToken);
            return null;
        }

        foreach (var stream in living)
            await archives.RedactAsync(
                name,
                new RedactionRequest { Stream = stream.Stream, Tenant = stream.Tenant, Reason = Reason,
                    By = "retention" },
                record, cancellationToken);
        return name;
    }

    /// <summary>Those of which the store still has the first event: one that began anew has others.</summary>
    private static async Task<IEnumerable<IndexedStream>> LivingAsync(
        PoliteSession session, IndexedStream[] streams, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT e.seq_id FROM {session.Schema}mt_events e WHERE e.seq_id = ANY ($1)", session.Connection)
        {
            CommandTimeout = 0,
        };
        command.Parameters.AddWithValue(streams.Select(stream => stream.FirstSequence).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var there = new HashSet<long>();
        while (await reader.ReadAsync(cancellationToken))
            there.Add(reader.GetInt64(0));
        return streams.Where(stream => there.Contains(stream.FirstSequence));
    }
}
