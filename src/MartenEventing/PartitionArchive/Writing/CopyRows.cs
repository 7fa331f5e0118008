using System.Buffers.Binary;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>Reads rows of PostgreSQL's binary COPY format, whatever their size.</summary>
internal sealed class CopyRows(Stream stream, int columns)
{
    private const int HeaderLength = 19;

    private readonly (int Start, int Length)[] _fields = new (int, int)[columns];
    private byte[] _buffer = new byte[1 << 17];
    private int _start;
    private int _end;
    private int _row;
    private bool _begun;

    /// <summary>Goes on to the next row; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
            await BeginAsync(cancellationToken);
        await NeedAsync(2, cancellationToken);
        if (BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_start)) < 0)
        {
            await FinishAsync(cancellationToken);
            return false;
        }

        var length = 2;
        for (var i = 0; i < _fields.Length; i++)
        {
            await NeedAsync(length + 4, cancellationToken);
            var size = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + length));
            length += 4;
            _fields[i] = (length, size);
            if (size <= 0)
                continue;
            length = checked(length + size);
            await NeedAsync(length, cancellationToken);
        }

        _row = _start;
        _start += length;
        return true;
    }

    public bool IsNull(int column) => _fields[column].Length < 0;

    /// <summary>The bytes of a field that is not NULL, until the next row is read.</summary>
    public ReadOnlySpan<byte> Field(int column) =>
        _buffer.AsSpan(_row + _fields[column].Start, _fields[column].Length);

    private async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        _begun = true;
        await NeedAsync(HeaderLength, cancellationToken);
        var further = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + HeaderLength - 4));
        await NeedAsync(HeaderLength + further, cancellationToken);
        _start += HeaderLength + further;
    }

    /// <summary>Reads on, so that the connection is free for the next command.</summary>
    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        while (await stream.ReadAsync(_buffer, cancellationToken) > 0)
        {
            // Nothing follows but the end of the copy.
        }
    }

    private ValueTask NeedAsync(int count, CancellationToken cancellationToken) =>
        _end - _start >= count ? default : FillAsync(count, cancellationToken);

    private async ValueTask FillAsync(int count, CancellationToken cancellationToken)
    {
        var held = _buffer.AsSpan(_start, _end - _start);
        var target = count > _buffer.Length ? new byte[Math.Max(count, checked(2 * _buffer.Length))] : _buffer;
        held.CopyTo(target);
        (_buffer, _end, _start) = (target, held.Length, 0);
        while (_end < count)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
                throw new EndOfStreamException("The server ended the copy within a row.");
            _end += read;
        }
    }
}
