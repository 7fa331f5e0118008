using System.Text.Encodings.Web;
using System.Text.Json;
using MartenEventing.Events;

namespace MartenEventing.Cli.Commands.Events;

/// <summary>
/// The file that takes what cannot be imported: a JSON object a line, with number, reason and the text itself.
/// </summary>
internal sealed class BadLines : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly StreamWriter _writer;

    private BadLines(StreamWriter writer) => _writer = writer;

    /// <summary>Adds to the file; null when there is none.</summary>
    public static BadLines? Open(FileInfo? file) =>
        file is null
            ? null
            : new BadLines(new StreamWriter(file.FullName, append: true) { AutoFlush = true, NewLine = "\n" });

    public void Add(InvalidLine line) =>
        _writer.WriteLine(JsonSerializer.Serialize(new { Line = line.Number, line.Reason, line.Text }, Format));

    public ValueTask DisposeAsync() => _writer.DisposeAsync();
}
