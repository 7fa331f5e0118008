using System.Text.Json;
using System.Text.Json.Serialization;

namespace MartenEventing.Cli.Output;

/// <summary>
/// JSON as the database holds it, written into that of a command. PostgreSQL stores what is nested far deeper than
/// System.Text.Json reads by default; such a document goes through as it is, unindented.
/// </summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct StoredJson(string Text)
{
    /// <summary>How deep a command's own JSON may be with such a document in it.</summary>
    public const int DeepestOutput = 128;

    /// <summary>Null stays null.</summary>
    public static StoredJson? Of(string? text) => text is null ? null : new StoredJson(text);

    private sealed class Converter : JsonConverter<StoredJson>
    {
        public override StoredJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("It is only written.");

        public override void Write(Utf8JsonWriter writer, StoredJson value, JsonSerializerOptions options)
        {
            try
            {
                using var document = JsonDocument.Parse(value.Text);
                document.WriteTo(writer);
            }
            catch (JsonException)
            {
                // It comes from a jsonb column, so it is JSON: only too deep for the reader.
                writer.WriteRawValue(value.Text, skipInputValidation: true);
            }
        }
    }
}
