using System.Text.Json;
using System.Text.Unicode;
using MartenEventing.Schema;

namespace MartenEventing.Events.Importing;

/// <summary>
/// Reads a line of an import as an event. Whatever the server would refuse is refused here, if it can be seen.
/// </summary>
internal sealed class LineParser(StreamIdentity identity)
{
    private const int LongestType = 500;
    private const int DeepestNesting = 1000;
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = DeepestNesting };

    private byte[] _texts = [];
    private int _textsLength;

    /// <exception cref="LineFormatException">The line is no event.</exception>
    public ImportLine Parse(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
            throw new LineFormatException("it is not UTF-8.");
        if (_texts.Length < line.Length)
            _texts = new byte[2 * line.Length];
        _textsLength = 0;
        var reader = new Utf8JsonReader(line, Strict);
        try
        {
            return Read(ref reader, line);
        }
        catch (JsonException error)
        {
            throw new LineFormatException(
                $"it is not JSON, or nested deeper than {DeepestNesting}, at byte {error.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            throw new LineFormatException(@"it has half of a surrogate pair (\uD800 to \uDFFF).");
        }
    }

    private ImportLine Read(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new LineFormatException("it is JSON, but no object.");
        var read = new ImportLine();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldNamed(ref reader);
            if (read.Has(field))
                throw new LineFormatException($"\"{reader.GetString()}\" is in it twice.");
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null && field != ImportFields.Data)
                continue;
            read.Given |= field;
            ReadField(ref reader, line, field, ref read);
        }

        reader.Read(); // throws when something follows
        if (read.Given.HasFlag(ImportFields.Required))
            return WithStreamName(read);
        throw new LineFormatException($"it lacks {Lacking(read.Given)}.");
    }

    private static string Lacking(ImportFields given) => string.Join(", ",
        new[] { ImportFields.Stream, ImportFields.Type, ImportFields.Timestamp, ImportFields.Data }
            .Where(field => !given.HasFlag(field))
            .Select(field => field.ToString().ToLowerInvariant()));

    private static ImportFields FieldNamed(scoped ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("stream"u8)) return ImportFields.Stream;
        if (reader.ValueTextEquals("type"u8)) return ImportFields.Type;
        if (reader.ValueTextEquals("timestamp"u8)) return ImportFields.Timestamp;
        if (reader.ValueTextEquals("data"u8)) return ImportFields.Data;
        if (reader.ValueTextEquals("correlationId"u8)) return ImportFields.CorrelationId;
        if (reader.ValueTextEquals("causationId"u8)) return ImportFields.CausationId;
        if (reader.ValueTextEquals("userName"u8)) return ImportFields.UserName;
        if (reader.ValueTextEquals("headers"u8)) return ImportFields.Headers;
        if (reader.ValueTextEquals("id"u8)) return ImportFields.Id;
        if (reader.ValueTextEquals("version"u8)) return ImportFields.Version;
        if (reader.ValueTextEquals("sequence"u8)) return ImportFields.Sequence;
        throw new LineFormatException(
            $"\"{JsonText.Show(ref reader)}\" is no field of an event. Allowed: stream, type, timestamp, "
            + "data, correlationId, causationId, userName, headers, id.");
    }

    private void ReadField(
        scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> line, ImportFields field, ref ImportLine read)
    {
        switch (field)
        {
            case ImportFields.Stream:
                ReadStream(ref reader, ref read);
                break;
            case ImportFields.Type:
                read.Type = Text(ref reader, "type");
                if (read.Type.IsEmpty || JsonText.IsLonger(read.Type, LongestType))
                    throw new LineFormatException($"its type is empty or longer than {LongestType} characters.");
                break;
            case ImportFields.Timestamp:
                read.Time = Time(ref reader);
                break;
            case ImportFields.Data:
                read.Data = JsonText.Document(ref reader, line, "data");
                break;
            case ImportFields.CorrelationId:
                read.CorrelationId = Text(ref reader, "correlationId");
                break;
            case ImportFields.CausationId:
                read.CausationId = Text(ref reader, "causationId");
                break;
            case ImportFields.UserName:
                read.UserName = Text(ref reader, "userName");
                break;
            case ImportFields.Headers:
                if (reader.TokenType != JsonTokenType.StartObject)
                    throw new LineFormatException("its headers are no JSON object.");
                read.Headers = JsonText.Document(ref reader, line, "headers");
                break;
            case ImportFields.Id:
                if (reader.TokenType != JsonTokenType.String || !reader.TryGetGuid(out read.Id))
                    throw new LineFormatException($"its id \"{JsonText.Show(ref reader)}\" is no uuid.");
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private void ReadStream(scoped ref Utf8JsonReader reader, ref ImportLine read)
    {
        var text = Text(ref reader, "stream");
        if (text.IsEmpty)
            throw new LineFormatException("its stream is empty.");
        if (identity == StreamIdentity.String)
        {
            read.Stream = reader.GetString()!;
        }
        else if (reader.TryGetGuid(out var guid))
        {
            read.Stream = guid;
        }
        else
        {
            read.Stream = StreamId.FromName(reader.GetString()!);
            read.StreamName = text;
        }
    }

    /// <summary>The text, its escapes resolved.</summary>
    private ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new LineFormatException($"its {field} is no string.");
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        JsonText.RequireStorable(ref reader, field);
        var length = reader.CopyString(_texts.AsSpan(_textsLength));
        var text = _texts.AsSpan(_textsLength, length);
        _textsLength += length;
        return text;
    }

    private static long Time(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var time))
            throw new LineFormatException(
                $"its timestamp \"{JsonText.Show(ref reader)}\" is none of ISO 8601, such as 2026-11-20T21:30:00Z.");
        if (reader.ValueSpan[^1] != 'Z' && reader.ValueSpan[10..].IndexOfAny((byte)'+', (byte)'-') < 0)
            throw new LineFormatException(
                $"its timestamp \"{JsonText.Show(ref reader)}\" does not tell its offset from UTC. For UTC add a Z.");
        return PostgresTime.From(time);
    }

    private static ImportLine WithStreamName(ImportLine read)
    {
        if (read.Headers.IsEmpty || read.StreamName.IsEmpty || !StreamNameHeader.Differs(read.Headers, read.StreamName))
            return read;
        throw new LineFormatException(
            $"its headers have a {StreamNameHeader.Key} of their own, other than its stream.");
    }
}
