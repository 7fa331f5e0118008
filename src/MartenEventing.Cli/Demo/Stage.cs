using Spectre.Console;

namespace MartenEventing.Cli.Demo;

/// <summary>What the demo prints: scenes with a heading, wrapped at 100 columns; colour on a terminal only.</summary>
internal sealed class Stage
{
    private const int Widest = 100;

    private readonly IAnsiConsole _console;
    private int _scene;

    public Stage(IAnsiConsole console)
    {
        _console = console;
        console.Profile.Width = Math.Min(console.Profile.Width, Widest);
    }

    /// <summary>What bars are drawn with.</summary>
    public char Ink => _console.Profile.Capabilities.Ansi && _console.Profile.Capabilities.Unicode ? '█' : '#';

    public void Open(string title)
    {
        _console.Write(new Text($"{++_scene}. {title}", new Style(Color.Aqua, decoration: Decoration.Bold)));
        _console.WriteLine();
        _console.WriteLine();
    }

    public void Say(string sentences) => Tell(sentences, Style.Plain);

    /// <summary>Says something that came out as it should.</summary>
    public void Good(string sentences) => Tell(sentences, new Style(Color.Green));

    /// <summary>Says something that was refused.</summary>
    public void Refused(string sentences) => Tell(sentences, new Style(Color.Yellow));

    /// <summary>What is typed or answered word by word: indented, never wrapped, so that it can be copied.</summary>
    public void Quote(params IEnumerable<string> lines)
    {
        foreach (var line in lines)
            _console.Profile.Out.Writer.WriteLine($"    {line}".TrimEnd());
        _console.WriteLine();
    }

    /// <summary>A table; headings that begin with &gt; align to the right.</summary>
    public void Show(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().NoBorder();
        foreach (var heading in headings)
        {
            var column = new TableColumn(new Text(heading.TrimStart('>'), new Style(decoration: Decoration.Bold)));
            table.AddColumn(heading.StartsWith('>') ? column.RightAligned() : column);
        }

        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        _console.Write(table);
        _console.WriteLine();
    }

    private void Tell(string sentences, Style style)
    {
        _console.Write(new Text(sentences, style));
        _console.WriteLine();
        _console.WriteLine();
    }
}
