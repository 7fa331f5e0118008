namespace MartenEventing.Events.Importing;

/// <summary>A stream of which some bytes were read beforehand, counted as it is read.</summary>
internal sealed class CountedStream(Stream stream, ReadOnlyMemory<byte> begun) : Stream
{
    private ReadOnlyMemory<byte> _begun = begun;

    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer) => Counted(_begun.IsEmpty ? stream.Read(buffer) : TakeBegun(buffer));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(_begun.IsEmpty ? await stream.ReadAsync(buffer, cancellationToken) : TakeBegun(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int TakeBegun(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _begun.Length);
        _begun.Span[..length].CopyTo(buffer);
        _begun = _begun[length..];
        return length;
    }

    private int Counted(int read)
    {
        BytesRead += read;
        return read;
    }
}
