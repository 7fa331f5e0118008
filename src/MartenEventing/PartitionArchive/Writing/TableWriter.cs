using System.Buffers;
using System.Security.Cryptography;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>Writes the lines of a table into chunks, and these into files.</summary>
internal sealed class TableWriter(
    ArchiveTarget target, string name, ArchiveRole role, IReadOnlyList<ArchiveColumn> columns, string stem)
{
    private readonly ArrayBufferWriter<byte> _content = new();
    private readonly ArrayBufferWriter<byte> _stored = new();
    private readonly List<ArchiveFile> _files = [];
    private readonly List<ArchiveChunk> _chunks = [];
    private readonly MerkleTree _tree = new();
    private (long Rows, long? First, long? Last, long? Earliest, long? Latest) _chunk;
    private string? _file;
    private int _fileNumber;

    public long Rows { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Adds a line, its line feed included. Sequences never go down.</summary>
    /// <exception cref="ArchiveTooLargeException">It is longer than any that is read.</exception>
    public ValueTask AddAsync(
        ReadOnlyMemory<byte> line, long? sequence, long? time, CancellationToken cancellationToken)
    {
        if (line.Length > ArchiveLimits.ContentBytes)
            throw ArchiveTooLargeException.OfRow(target.Name, name, sequence, line.Length, ArchiveLimits.ContentBytes);
        return _content.WrittenCount + (long)line.Length > ArchiveLimits.ContentBytes
            ? AddToNextAsync(line, sequence, time, cancellationToken)
            : AddToThisAsync(line, sequence, time, cancellationToken);
    }

    private async ValueTask AddToNextAsync(
        ReadOnlyMemory<byte> line, long? sequence, long? time, CancellationToken cancellationToken)
    {
        await EndChunkAsync(cancellationToken);
        await AddToThisAsync(line, sequence, time, cancellationToken);
    }

    private ValueTask AddToThisAsync(
        ReadOnlyMemory<byte> line, long? sequence, long? time, CancellationToken cancellationToken)
    {
        _content.Write(line.Span);
        _chunk.Rows++;
        _chunk.First ??= sequence;
        _chunk.Last = sequence;
        if (time is { } at)
        {
            _chunk.Earliest = Math.Min(_chunk.Earliest ?? at, at);
            _chunk.Latest = Math.Max(_chunk.Latest ?? at, at);
        }

        return _content.WrittenCount < target.Options.ChunkBytes ? default : EndChunkAsync(cancellationToken);
    }

    /// <summary>Takes a file over as it is.</summary>
    public void Keep(ArchiveFile file)
    {
        _files.Add(file);
        Rows += file.Rows;
        foreach (var chunk in file.Chunks)
            _tree.Add(Convert.FromHexString(chunk.ContentSha256));
    }

    /// <summary>Ends the file that is being written, if there is one.</summary>
    public async Task EndFileAsync(CancellationToken cancellationToken)
    {
        if (_chunk.Rows > 0)
            await EndChunkAsync(cancellationToken);
        if (_chunks.Count > 0)
            await StoreAsync(cancellationToken);
    }

    public async Task<ArchiveTable> EndAsync(CancellationToken cancellationToken)
    {
        await EndFileAsync(cancellationToken);
        return new ArchiveTable
        {
            Name = name, Role = role, Columns = columns, Rows = Rows, Root = _tree.Root(), Files = _files,
        };
    }

    private async ValueTask EndChunkAsync(CancellationToken cancellationToken)
    {
        _file ??= target.FileName(stem, ++_fileNumber);
        var content = _content.WrittenMemory;
        var hash = target.Digest.Of(content.Span);
        var bytes = ChunkCompression.Compress(content, target.Compression);
        if (target.Cipher is { } cipher)
            bytes = cipher.Encrypt(bytes.Span, _file, _chunks.Count);
        _stored.Write(bytes.Span);
        _tree.Add(hash);
        _chunks.Add(new ArchiveChunk
        {
            Bytes = bytes.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Span)),
            ContentBytes = content.Length,
            ContentSha256 = Convert.ToHexStringLower(hash),
            Rows = _chunk.Rows,
            FirstSequence = _chunk.First,
            LastSequence = _chunk.Last,
            Earliest = _chunk.Earliest,
            Latest = _chunk.Latest,
        });
        Rows += _chunk.Rows;
        _content.ResetWrittenCount();
        _chunk = default;
        if (_stored.WrittenCount >= target.Options.FileBytes)
            await StoreAsync(cancellationToken);
    }

    private async Task StoreAsync(CancellationToken cancellationToken)
    {
        var file = new ArchiveFile
        {
            Name = _file!,
            Bytes = _stored.WrittenCount,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(_stored.WrittenSpan)),
            Rows = _chunks.Sum(chunk => chunk.Rows),
            FirstSequence = _chunks[0].FirstSequence,
            LastSequence = _chunks[^1].LastSequence,
            Chunks = [.. _chunks],
        };
        await target.StoreAsync(file.Name, _stored.WrittenMemory, cancellationToken);
        Bytes += file.Bytes;
        _files.Add(file);
        _chunks.Clear();
        _stored.ResetWrittenCount();
        _file = null;
        if (role == ArchiveRole.Events)
            target.Options.Progress?.Report(new ArchiveProgress(target.Name, Rows, Bytes));
    }
}
