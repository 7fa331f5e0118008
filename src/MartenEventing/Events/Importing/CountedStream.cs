namespace MartenEventing.Events.Importing;

/// <summary>A stream of which some bytes were read beforehand, counted as it is read.</summary>
internal sealed class CountedStream(Stream stream, ReadOnlyMemory<byte> begun) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _begun = begun;

    public long BytesRead { get; private set; }

    public override int Read(Span<byte> buffer) => Counted(_begun.IsEmpty ? stream.Read(buffer) : TakeBegun(buffer));

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(_begun.IsEmpty ? await stream.ReadAsync(buffer, cancellationToken) : TakeBegun(buffer.Span));

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
