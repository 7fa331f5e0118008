using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace MartenEventing.Cli.Output;

/// <summary>Data goes to stdout, talk to stderr. Colour only on a terminal, and not when NO_COLOR is set.</summary>
internal sealed class CommandOutput
{
    private const int WidthOfFiles = 1000;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        MaxDepth = StoredJson.DeepestOutput,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly TextWriter _out;

    public CommandOutput(CliEnvironment environment)
    {
        _out = environment.Out;
        var colours = string.IsNullOrEmpty(environment.Variable("NO_COLOR"));
        Data = Console(environment.Out, environment.OutIsTerminal, colours);
        Talk = Console(environment.Error, environment.ErrorIsTerminal, colours);
    }

    /// <summary>stdout, for what is more than lines.</summary>
    public IAnsiConsole Data { get; }

    /// <summary>stderr, for what is more than lines: progress bars.</summary>
    public IAnsiConsole Talk { get; }

    /// <summary>A line of data, as it is.</summary>
    public void Write(string line) => _out.WriteLine(line);

    /// <summary>Data as one JSON document, names in camelCase.</summary>
    public void WriteJson<T>(T data) => _out.WriteLine(JsonSerializer.Serialize(data, Format));

    /// <summary>Data as aligned columns. A heading that begins with &gt; aligns to the right.</summary>
    public void WriteTable(IEnumerable<string> headings, IEnumerable<IEnumerable<string>> rows)
    {
        var table = new Table().NoBorder();
        foreach (var heading in headings)
        {
            var column = new TableColumn(new Text(heading.TrimStart('>'), new Style(decoration: Decoration.Bold)))
            {
                Padding = new Padding(0, 0, 2, 0),
            };
            table.AddColumn(heading.StartsWith('>') ? column.RightAligned() : column);
        }

        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        Data.Write(table);
    }

    /// <summary>Data as a list of names and values.</summary>
    public void WriteFacts(params IEnumerable<(string Name, string Value)> facts)
    {
        var grid = new Grid().AddColumn(new GridColumn { Padding = new Padding(0, 0, 2, 0) }).AddColumn();
        foreach (var (name, value) in facts)
            grid.AddRow(new Text(name), new Text(value));
        Data.Write(grid);
    }

    /// <summary>Tells how it goes.</summary>
    public void Say(string sentence) => Talk.WriteLine(sentence);

    /// <summary>Tells what should be looked at.</summary>
    public void Warn(string sentence) => Tell("warning: ", Color.Yellow, sentence);

    /// <summary>Tells what went wrong.</summary>
    public void Fail(string sentence) => Tell("error: ", Color.Red, sentence);

    private void Tell(string label, Color colour, string sentence)
    {
        Talk.Write(label, new Style(colour));
        Talk.WriteLine(sentence);
    }

    private static IAnsiConsole Console(TextWriter writer, bool isTerminal, bool colours)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = WidthOfFiles;
        return console;
    }
}
