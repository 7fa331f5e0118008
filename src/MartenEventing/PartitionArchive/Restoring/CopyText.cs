using System.Buffers;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Restoring;

/// <summary>Turns lines into rows of PostgreSQL's text COPY format.</summary>
internal sealed class CopyText(IReadOnlyList<ArchiveColumn> columns, IReadOnlyList<int> wanted)
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create("\\\n\r\t"u8);

    private readonly LineFields _fields = new(columns);
    private readonly ArrayBufferWriter<byte> _rows = new(1 << 16);

    /// <summary>The rows of a chunk, until the next is taken.</summary>
    /// <exception cref="FormatException">The lines are not of these columns.</exception>
    public ReadOnlyMemory<byte> Rows(ReadOnlyMemory<byte> content)
    {
        _rows.ResetWrittenCount();
        foreach (var line in Lines.Of(content))
        {
            _fields.Read(line);
            for (var i = 0; i < wanted.Count; i++)
            {
                if (i > 0)
                    _rows.Write("\t"u8);
                if (_fields.IsNull(wanted[i]))
                    _rows.Write("\\N"u8);
                else
                    Add(_fields.Text(wanted[i]));
            }

            _rows.Write("\n"u8);
        }

        return _rows.WrittenMemory;
    }

    private void Add(ReadOnlySpan<byte> text)
    {
        for (int at; (at = text.IndexOfAny(Escaped)) >= 0; text = text[(at + 1)..])
        {
            _rows.Write(text[..at]);
            _rows.Write(text[at] switch
            {
                (byte)'\n' => "\\n"u8,
                (byte)'\r' => "\\r"u8,
                (byte)'\t' => "\\t"u8,
                _ => "\\\\"u8,
            });
        }

        _rows.Write(text);
    }
}
