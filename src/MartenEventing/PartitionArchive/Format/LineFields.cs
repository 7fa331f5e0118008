using System.Text.Json;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>The fields of a line, by the number of their column.</summary>
internal sealed class LineFields
{
    private const int Deepest = 100_000;

    private readonly byte[][] _names;
    private readonly ColumnKind[] _kinds;
    private readonly (int Start, int Length)[] _places;
    private readonly bool[] _escaped;
    private ReadOnlyMemory<byte> _line;

    public LineFields(IReadOnlyList<ArchiveColumn> columns)
    {
        _names = [.. columns.Select(column => System.Text.Encoding.UTF8.GetBytes(column.Name))];
        _kinds = [.. columns.Select(ColumnKinds.Of)];
        _places = new (int, int)[_names.Length];
        _escaped = new bool[_names.Length];
    }

    /// <summary>Takes a line, its line feed aside.</summary>
    /// <exception cref="FormatException">It is no line of these columns.</exception>
    public void Read(ReadOnlyMemory<byte> line)
    {
        _line = line;
        Array.Fill(_places, (0, -1));
        try
        {
            ReadAll();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new FormatException("A line is no JSON object of the columns that the manifest names.", error);
        }
    }

    public bool IsNull(int column) => _places[column].Length < 0;

    /// <summary>
    /// The text that PostgreSQL prints for the value; of a boolean, true or false. Empty where it is NULL.
    /// </summary>
    /// <exception cref="FormatException">It is no text.</exception>
    public ReadOnlySpan<byte> Text(int column)
    {
        var (start, length) = _places[column];
        if (length < 0)
            return [];
        var raw = _line.Span.Slice(start, length);
        if (!_escaped[column])
            return raw;
        var reader = new Utf8JsonReader(_line.Span.Slice(start - 1, length + 2));
        reader.Read();
        var unescaped = new byte[length];
        try
        {
            return unescaped.AsSpan(0, reader.CopyString(unescaped));
        }
        catch (InvalidOperationException error)
        {
            throw new FormatException("A line has half a character.", error);
        }
    }

    public string? TextOf(int column) => IsNull(column) ? null : System.Text.Encoding.UTF8.GetString(Text(column));

    private void ReadAll()
    {
        var reader = new Utf8JsonReader(_line.Span, new JsonReaderOptions { MaxDepth = Deepest });
        var next = 0;
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            while (next < _names.Length && !reader.ValueTextEquals(_names[next]))
                next++;
            Expect(next < _names.Length && reader.Read());
            Place(ref reader, next++);
        }

        Expect(reader.TokenType == JsonTokenType.EndObject && !reader.Read());
    }

    private void Place(ref Utf8JsonReader reader, int column)
    {
        var start = (int)reader.TokenStartIndex;
        _escaped[column] = false;
        switch (_kinds[column])
        {
            case ColumnKind.Raw:
                reader.Skip();
                _places[column] = (start, (int)reader.BytesConsumed - start);
                break;
            case ColumnKind.Boolean:
                Expect(reader.TokenType is JsonTokenType.True or JsonTokenType.False);
                _places[column] = (start, (int)reader.BytesConsumed - start);
                break;
            default:
                Expect(reader.TokenType == JsonTokenType.String);
                _escaped[column] = reader.ValueIsEscaped;
                _places[column] = (start + 1, (int)reader.BytesConsumed - start - 2);
                break;
        }
    }

    private static void Expect(bool condition)
    {
        if (!condition)
            throw new InvalidOperationException();
    }
}
