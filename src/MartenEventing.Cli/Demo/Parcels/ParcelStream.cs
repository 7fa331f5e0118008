namespace MartenEventing.Cli.Demo.Parcels;

/// <summary>Events as the NDJSON that <c>events import</c> reads, made while it is read.</summary>
internal sealed class ParcelStream(IEnumerable<ParcelEvent> events) : Stream
{
    private readonly IEnumerator<ParcelEvent> _events = events.GetEnumerator();
    private ReadOnlyMemory<byte> _line;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var read = 0;
        while (read < buffer.Length && (!_line.IsEmpty || NextLine()))
        {
            var part = _line.Span[..Math.Min(_line.Length, buffer.Length - read)];
            part.CopyTo(buffer[read..]);
            _line = _line[part.Length..];
            read += part.Length;
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _events.Dispose();
        base.Dispose(disposing);
    }

    private bool NextLine()
    {
        if (!_events.MoveNext())
            return false;
        _line = _events.Current.ToJsonLine();
        return true;
    }
}
