using System.IO.Compression;

namespace MartenEventing.Events.Importing;

/// <summary>
/// What gzip holds, with an error where it was cut off: .NET takes such a file for a whole one unless a switch of the
/// process says otherwise, which counts only until the first gzip anywhere in it. So a seal, gzip of its own, is put
/// behind the file: it comes out again of a whole file alone.
/// </summary>
internal sealed class SealedGzip : ReadOnlyStream
{
    private static readonly byte[] Seal = [.. "\0the end, and nothing lacks\0"u8];
    private static readonly byte[] CompressedSeal = Compress(Seal);

    private readonly GZipStream _gzip;
    private readonly byte[] _bytes = new byte[1 << 16];
    private int _start;
    private int _end;

    public SealedGzip(Stream compressed) =>
        _gzip = new GZipStream(new FollowedStream(compressed, CompressedSeal), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">It is no gzip, or was cut off, or is followed by something
    /// else.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (Held <= Seal.Length)
        {
            MakeRoom();
            if (!Took(_gzip.Read(_bytes.AsSpan(_end))))
                return 0;
        }

        return Give(buffer);
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (Held <= Seal.Length)
        {
            MakeRoom();
            if (!Took(await _gzip.ReadAsync(_bytes.AsMemory(_end), cancellationToken)))
                return 0;
        }

        return Give(buffer.Span);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();
        base.Dispose(disposing);
    }

    private int Held => _end - _start;

    private void MakeRoom()
    {
        _bytes.AsSpan(_start, Held).CopyTo(_bytes);
        (_start, _end) = (0, Held);
    }

    private bool Took(int read)
    {
        _end += read;
        if (read > 0)
            return true;
        return _bytes.AsSpan(_start, Held).SequenceEqual(Seal)
            ? false
            : throw new InvalidDataException("the gzip was cut off, or something follows it.");
    }

    private int Give(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, Held - Seal.Length);
        _bytes.AsSpan(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }

    private static byte[] Compress(byte[] content)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(content);
        return compressed.ToArray();
    }

    private sealed class FollowedStream(Stream stream, ReadOnlyMemory<byte> last) : ReadOnlyStream
    {
        private readonly CountedStream _last = new(Null, last);
        private bool _ended;

        public override int Read(Span<byte> buffer)
        {
            var read = _ended ? 0 : stream.Read(buffer);
            _ended = read == 0;
            return _ended ? _last.Read(buffer) : read;
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = _ended ? 0 : await stream.ReadAsync(buffer, cancellationToken);
            _ended = read == 0;
            return _ended ? _last.Read(buffer.Span) : read;
        }
    }
}
