using System.Text;
using System.Text.Json;

namespace MartenEventing.Events.Importing;

/// <summary>What there is to know about JSON beyond its grammar: what PostgreSQL stores of it.</summary>
internal static class JsonText
{
    private const int Shown = 100;

    /// <summary>Any JSON value, as it is written. The reader is at its end afterwards.</summary>
    /// <exception cref="LineFormatException">PostgreSQL does not store it.</exception>
    public static ReadOnlySpan<byte> Document(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> line, string field)
    {
        var start = (int)reader.TokenStartIndex;
        var first = reader;
        reader.Skip();
        var document = line[start..(int)reader.BytesConsumed];
        if (document.IndexOf("\\u"u8) >= 0)
            RequireStorableTexts(first, reader.BytesConsumed, field);
        return document;
    }

    /// <exception cref="LineFormatException">PostgreSQL does not store the text.</exception>
    /// <exception cref="InvalidOperationException">It has half of a surrogate pair.</exception>
    public static void RequireStorable(scoped ref Utf8JsonReader reader, string field)
    {
        if (reader.GetString()!.Contains('\0'))
            throw new LineFormatException($"its {field} has the character U+0000, which PostgreSQL does not store.");
    }

    public static bool IsLonger(ReadOnlySpan<byte> text, int characters)
    {
        if (text.Length <= characters)
            return false;
        var count = 0;
        foreach (var part in text)
            if ((part & 0xC0) != 0x80)
                count++;
        return count > characters;
    }

    /// <summary>The value that the reader is at, for people.</summary>
    public static string Show(scoped ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan);
        return text.Length > Shown ? text[..Shown] + "..." : text;
    }

    private static void RequireStorableTexts(Utf8JsonReader reader, long end, string field)
    {
        do
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                RequireStorable(ref reader, field);
        }
        while (reader.BytesConsumed < end && reader.Read());
    }
}
