using MartenEventing.PartitionArchive.Format;
using MartenEventing.PartitionArchive.Reading;
using MartenEventing.PartitionArchive.Writing;

namespace MartenEventing.PartitionArchive.Redacting;

/// <summary>
/// Erases a stream from an archive: files that hold something of it are written anew without, then the manifest takes
/// the new ones in, then the old ones go. Broken off before the manifest, nothing has changed; after it, verifying
/// finds the old files, and the next redaction removes them.
/// </summary>
internal sealed class Redaction(
    IArchiveStorage storage, OpenArchive archive, RedactionRequest request, TimeProvider time,
    RecordedRedaction? record = null)
{
    private readonly ArchiveManifest _manifest = archive.Manifest;
    private readonly HashSet<long> _sequences = [];
    private readonly List<string> _replaced = [];

    /// <summary>How many events of the stream the archive holds. Changes nothing.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        var query = new ArchiveQuery { Stream = request.Stream, Tenant = request.Tenant };
        return await new QueryReader(archive, query).ReadAsync(cancellationToken).LongCountAsync(cancellationToken);
    }

    public async Task<RedactionReport> RunAsync(CancellationToken cancellationToken)
    {
        await RemoveReplacedAsync(_manifest, cancellationToken);
        var target = new ArchiveTarget(
            storage, _manifest.Name, _manifest.Id, _manifest.Revision + 1, _manifest.Compression, archive.Cipher,
            new ArchiveOptions());
        var stems = new FileStems();
        var tables = new List<ArchiveTable>();
        foreach (var table in _manifest.Tables)
            tables.Add(await WithoutAsync(target, table, stems.Of(table.Role), cancellationToken));
        if (_replaced.Count == 0)
        {
            await (record?.GoOnAsync(_manifest, cancellationToken) ?? Task.CompletedTask);
            return new RedactionReport(_manifest.Name, 0, []);
        }

        var (changed, text) = target.Seal(Changed(tables));
        if (!await archive.IsUnchangedAsync(cancellationToken))
            throw ChangedMeanwhile(_manifest.Name);
        if (record is null)
            await target.CompleteAsync(text, replace: true, cancellationToken);
        else
            await record.ReplaceAsync(
                _manifest, changed, () => target.CompleteAsync(text, replace: true, cancellationToken),
                cancellationToken);
        await RemoveReplacedAsync(changed, cancellationToken);
        return new RedactionReport(_manifest.Name, _sequences.Count, _replaced);
    }

    public static IOException ChangedMeanwhile(string archive) => new(
        $"The partition archive \"{archive}\" was changed by somebody else meanwhile. Nothing was changed; redact " +
        "once more.");

    private ArchiveManifest Changed(List<ArchiveTable> tables)
    {
        var files = tables[0].Files;
        return _manifest with
        {
            Revision = _manifest.Revision + 1,
            Tables = tables,
            Events = tables[0].Rows,
            Streams = tables.Single(table => table.Role == ArchiveRole.Index).Rows,
            FirstSequence = files.Count == 0 ? null : files[0].FirstSequence,
            LastSequence = files.Count == 0 ? null : files[^1].LastSequence,
            Redactions =
            [
                .. _manifest.Redactions,
                new ArchiveRedaction
                {
                    At = time.GetUtcNow(),
                    StreamSha256 = archive.Digest.TextOf(request.Name),
                    Reason = request.Reason,
                    By = request.By,
                    Events = _sequences.Count,
                    FormerRoot = _manifest.EventTable.Root,
                    ReplacedFiles = [.. _replaced],
                },
            ],
        };
    }

    private async Task<ArchiveTable> WithoutAsync(
        ArchiveTarget target, ArchiveTable table, string stem, CancellationToken cancellationToken)
    {
        var writer = new TableWriter(target, table.Name, table.Role, table.Columns, stem);
        var rows = new StreamRows(table, request, _sequences);
        foreach (var file in table.Files)
        {
            if (!await HoldsAsync(file, rows, cancellationToken))
            {
                writer.Keep(file);
                continue;
            }

            _replaced.Add(file.Name);
            for (var chunk = 0; chunk < file.Chunks.Count; chunk++)
                await CopyAsync(file, chunk, rows, writer, cancellationToken);
            await writer.EndFileAsync(cancellationToken);
        }

        return await writer.EndAsync(cancellationToken);
    }

    private async Task<bool> HoldsAsync(ArchiveFile file, StreamRows rows, CancellationToken cancellationToken)
    {
        for (var chunk = 0; chunk < file.Chunks.Count; chunk++)
            if (archive.Told(file, chunk, await archive.ReadAsync(file, chunk, cancellationToken), One).Any())
                return true;
        return false;

        StreamRows? One(ReadOnlyMemory<byte> line) => rows.IsOne(line) ? rows : null;
    }

    private async Task CopyAsync(
        ArchiveFile file, int chunk, StreamRows rows, TableWriter writer, CancellationToken cancellationToken)
    {
        var content = await archive.ReadAsync(file, chunk, cancellationToken);
        var start = 0;
        foreach (var (length, isOne) in archive.Told(file, chunk, content, Read))
        {
            var withEnd = content.Slice(start, length);
            start += length;
            if (!isOne)
                await writer.AddAsync(withEnd, rows.Sequence, rows.Time, cancellationToken);
        }

        Tuple<int, bool> Read(ReadOnlyMemory<byte> line) => Tuple.Create(line.Length + 1, rows.IsOne(line));
    }

    private async Task RemoveReplacedAsync(ArchiveManifest manifest, CancellationToken cancellationToken)
    {
        foreach (var file in manifest.Redactions.SelectMany(redaction => redaction.ReplacedFiles))
            await storage.DeleteAsync(archive.KeyOf(file), cancellationToken);
    }
}
