using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>Makes a line from the texts of a row's columns. A column that is NULL is left out.</summary>
internal sealed class LineBuffer
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly byte[][] _names;
    private readonly ColumnKind[] _kinds;

    public LineBuffer(IReadOnlyList<ArchiveColumn> columns)
    {
        _names = [.. columns.Select(column =>
            (byte[])[.. JsonEncodedText.Encode(
                column.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes])];
        _kinds = [.. columns.Select(ColumnKinds.Of)];
    }

    /// <summary>The line as it is so far.</summary>
    public ReadOnlyMemory<byte> Written => _line.WrittenMemory;

    public void Begin() => _line.ResetWrittenCount();

    public void Add(int column, ReadOnlySpan<byte> value)
    {
        _line.Write(_line.WrittenCount == 0 ? "{\""u8 : ",\""u8);
        _line.Write(_names[column]);
        _line.Write("\":"u8);
        switch (_kinds[column])
        {
            case ColumnKind.Raw:
                _line.Write(value);
                break;
            case ColumnKind.Boolean:
                _line.Write(value.StartsWith("t"u8) ? "true"u8 : "false"u8);
                break;
            default:
                AddText(value);
                break;
        }
    }

    public void End() => _line.Write(_line.WrittenCount == 0 ? "{}\n"u8 : "}\n"u8);

    private void AddText(ReadOnlySpan<byte> text)
    {
        _line.Write("\""u8);
        for (int at; (at = text.IndexOfAny(Escaped)) >= 0; text = text[(at + 1)..])
        {
            _line.Write(text[..at]);
            AddEscape(text[at]);
        }

        _line.Write(text);
        _line.Write("\""u8);
    }

    private void AddEscape(byte code)
    {
        if (code is (byte)'"' or (byte)'\\')
            _line.Write([(byte)'\\', code]);
        else
            _line.Write([.. "\\u00"u8, HexOf(code >> 4), HexOf(code & 15)]);
    }

    private static byte HexOf(int digit) => (byte)"0123456789abcdef"[digit];
}
