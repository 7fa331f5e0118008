using System.Buffers;

namespace MartenEventing.Events.Importing;

/// <summary>Reads lines of bytes. What it holds is bounded by the longest line.</summary>
internal sealed class LineReader(Stream input) : IDisposable
{
    private const int FirstSize = 1 << 20;
    private const int LongestLine = 1 << 26;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _start;
    private int _searched;
    private int _end;
    private bool _ended;

    /// <summary>The line read last, without its end; good until the next is read.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Its number, from 1 on; 0 before the first.</summary>
    public long Number { get; private set; }

    /// <summary>Reads the next line.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The line is longer than 64 MiB.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (!TryTake())
        {
            if (_ended)
                return TakeLast();
            await FillAsync(cancellationToken);
        }

        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private bool TryTake()
    {
        var length = _bytes.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (length < 0)
        {
            _searched = _end;
            return false;
        }

        Take(_searched + length);
        _start = _searched = _searched + length + 1;
        return true;
    }

    private bool TakeLast()
    {
        if (_start == _end)
            return false;
        Take(_end);
        _start = _searched = _end;
        return true;
    }

    private void Take(int end)
    {
        if (end > _start && _bytes[end - 1] == '\r')
            end--;
        Line = _bytes.AsMemory(_start, end - _start);
        if (Number++ == 0 && Line.Span.StartsWith("\uFEFF"u8))
            Line = Line[3..];
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        MakeRoom();
        var read = await input.ReadAsync(_bytes.AsMemory(_end), cancellationToken);
        _ended = read == 0;
        _end += read;
    }

    private void MakeRoom()
    {
        var held = _end - _start;
        if (held >= LongestLine)
            throw new InvalidDataException("it is longer than 64 MiB.");
        var target = 2 * held > _bytes.Length ? ArrayPool<byte>.Shared.Rent(2 * _bytes.Length) : _bytes;
        _bytes.AsSpan(_start, held).CopyTo(target);
        if (target != _bytes)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _searched, _end) = (target, 0, _searched - _start, held);
    }
}
