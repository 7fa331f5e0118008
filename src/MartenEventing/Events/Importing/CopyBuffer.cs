using System.Buffers;
using System.Buffers.Binary;

namespace MartenEventing.Events.Importing;

/// <summary>Bytes that grow: fields of PostgreSQL's binary COPY format, each with its length before it.</summary>
internal sealed class CopyBuffer(int capacity) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Slice(int offset, int length) => _bytes.AsMemory(offset, length);

    public void WriteInt64At(int offset, long value) =>
        BinaryPrimitives.WriteInt64BigEndian(_bytes.AsSpan(offset), value);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void AppendInt16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Reserve(sizeof(short)), value);
        Length += sizeof(short);
    }

    public void AppendInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), value);
        Length += sizeof(int);
    }

    public void FieldNull() => AppendInt32(-1);

    public void Field(ReadOnlySpan<byte> bytes)
    {
        AppendInt32(bytes.Length);
        Append(bytes);
    }

    public void Field(long value)
    {
        AppendInt32(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(Reserve(sizeof(long)), value);
        Length += sizeof(long);
    }

    public void Field(Guid value)
    {
        AppendInt32(16);
        value.TryWriteBytes(Reserve(16), bigEndian: true, out _);
        Length += 16;
    }

    /// <summary>The binary form of jsonb: a version, then the text.</summary>
    public void FieldJson(ReadOnlySpan<byte> json)
    {
        AppendInt32(json.Length + 1);
        Reserve(1)[0] = 1;
        Length++;
        Append(json);
    }

    public void Truncate(int length) => Length = length;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
            Grow(count);
        return _bytes.AsSpan(Length);
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + count), 2 * _bytes.Length));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
