using System.Runtime.CompilerServices;
using System.Text;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Reading;

/// <summary>Reads the events that a query asks for, of an archive only the chunks that may have some.</summary>
internal sealed class QueryReader(OpenArchive archive, ArchiveQuery query)
{
    private readonly byte[]? _stream = Bytes(query.Stream);
    private readonly byte[]? _tenant = Bytes(query.Tenant);
    private readonly HashSet<string> _types = [.. query.Types];
    private readonly long _from = query.From is { } from ? PostgresTimestamp.Of(from) : long.MinValue;
    private readonly long _to = query.To is { } to ? PostgresTimestamp.Of(to) : long.MaxValue;

    /// <summary>How many chunks of events were read; for tests.</summary>
    public int ChunksRead { get; private set; }

    public async IAsyncEnumerable<ArchivedEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = query.FirstSequence ?? long.MinValue;
        var last = query.LastSequence ?? long.MaxValue;
        if (_stream is not null)
        {
            var (streamFirst, streamLast) = await SpanAsync(cancellationToken);
            (first, last) = (Math.Max(first, streamFirst), Math.Min(last, streamLast));
        }

        var fields = new EventFields(archive.Manifest.EventTable);
        foreach (var file in archive.Manifest.EventTable.Files)
            for (var chunk = 0; chunk < file.Chunks.Count; chunk++)
            {
                if (!MayHold(file.Chunks[chunk], first, last))
                    continue;
                ChunksRead++;
                var content = await archive.ReadAsync(file, chunk, cancellationToken);
                foreach (var found in archive.Told(file, chunk, content, Read))
                    yield return found;
            }

        ArchivedEvent? Read(ReadOnlyMemory<byte> line)
        {
            fields.Read(line);
            return Fits(fields, first, last) ? fields.ToEvent(archive.Manifest.Name) : null;
        }
    }

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private bool MayHold(ArchiveChunk chunk, long first, long last) =>
        chunk.LastSequence >= first && chunk.FirstSequence <= last
        && chunk.Latest >= _from && (chunk.Earliest < _to || query.To is null);

    private bool Fits(EventFields fields, long first, long last) =>
        fields.Sequence >= first && fields.Sequence <= last
        && fields.Time >= _from && (fields.Time < _to || query.To is null)
        && (_types.Count == 0 || fields.HasType(_types))
        && (_stream is null || fields.IsOf(_stream, _tenant, _tenant is null))
        && (_tenant is null || fields.HasTenant(_tenant));

    /// <summary>
    /// Between which sequences the stream's events lie, of whatever tenant; an empty range without any.
    /// </summary>
    private async Task<(long First, long Last)> SpanAsync(CancellationToken cancellationToken)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        await foreach (var stream in StreamIndex.ReadAsync(archive, cancellationToken))
            if (stream.Stream == query.Stream)
                (first, last) = (Math.Min(first, stream.FirstSequence), Math.Max(last, stream.LastSequence));

        return (first, last);
    }
}
