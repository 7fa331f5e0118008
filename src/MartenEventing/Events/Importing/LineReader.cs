using System.Buffers;

namespace MartenEventing.Events.Importing;

/// <summary>Reads lines of bytes. What it holds is bounded by the longest line that there may be.</summary>
internal sealed class LineReader(Stream input) : IDisposable
{
    /// <summary>The bytes of a line at most, without its end.</summary>
    public const int LongestLine = 1 << 26;

    /// <summary>The bytes that are kept of a line that is longer.</summary>
    public const int Beginning = 1_000;

    private const int FirstSize = 1 << 20;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _start;
    private int _searched;
    private int _end;
    private bool _ended;

    /// <summary>
    /// The line read last, without its end, or the beginning of one that is too long; good until the next is read.
    /// </summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Its number, from 1 on; 0 before the first.</summary>
    public long Number { get; private set; }

    /// <summary>
    /// Whether the line read last is longer than it may be. What follows its beginning is read by
    /// <see cref="PassAsync"/>.
    /// </summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Reads the next line.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        IsTooLong = false;
        while (!TryTake())
        {
            if (_ended)
                return TakeLast();
            await FillAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>
    /// Goes to the end of a line that is too long, holding none of it. <see cref="Line"/> stays its beginning.
    /// </summary>
    /// <returns>How many bytes the line has.</returns>
    public async ValueTask<long> PassAsync(CancellationToken cancellationToken)
    {
        Line = Line.ToArray();
        var passed = 0L;
        int length;
        while ((length = _bytes.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0 && !_ended)
        {
            passed += _end - _start;
            _start = _searched = _end;
            await FillAsync(cancellationToken);
        }

        passed += length < 0 ? _end - _start : length;
        _start = _searched = length < 0 ? _end : _start + length + 1;
        return passed;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private bool TryTake()
    {
        var length = _bytes.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        var end = length < 0 ? _end : _searched + length;
        if (end - _start > LongestLine)
        {
            IsTooLong = true;
            Take(_start + Beginning);
            _searched = _start;
            return true;
        }

        if (length < 0)
        {
            _searched = _end;
            return false;
        }

        Take(end);
        _start = _searched = end + 1;
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
        var target = 2 * held > _bytes.Length ? ArrayPool<byte>.Shared.Rent(2 * _bytes.Length) : _bytes;
        _bytes.AsSpan(_start, held).CopyTo(target);
        if (target != _bytes)
            ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _start, _searched, _end) = (target, 0, _searched - _start, held);
    }
}
