using System.Text.Encodings.Web;
using System.Text.Json;

namespace MartenEventing.Events.Importing;

/// <summary>The header that keeps the name of a stream whose uuid was made of it.</summary>
internal static class StreamNameHeader
{
    public const string Key = "streamName";

    private static ReadOnlySpan<byte> Name => "streamName"u8;

    /// <summary>Whether the headers have the key with something else than the name.</summary>
    public static bool Differs(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(headers, new JsonReaderOptions { MaxDepth = 1000 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKey = reader.ValueTextEquals(Name);
            reader.Read();
            if (isKey && !(reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(name)))
                return true;
            reader.Skip();
        }

        return false;
    }

    /// <summary>Writes the headers with the name in them, as a field of jsonb.</summary>
    public static void Write(CopyBuffer rows, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        var escaped = JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        var opening = headers.IsEmpty ? "{"u8 : headers[..headers.LastIndexOf((byte)'}')];
        var separator = headers.IsEmpty || headers[1..^1].Trim(" \t\r\n"u8).IsEmpty ? "\""u8 : ",\""u8;
        var key = Name;
        var length = 1 + opening.Length + separator.Length + key.Length + 3 + escaped.EncodedUtf8Bytes.Length + 2;
        rows.AppendInt32(length);
        rows.Append("\u0001"u8);
        rows.Append(opening);
        rows.Append(separator);
        rows.Append(key);
        rows.Append("\":\""u8);
        rows.Append(escaped.EncodedUtf8Bytes);
        rows.Append("\"}"u8);
    }
}
