using System.Text.RegularExpressions;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.House;

/// <summary>No line is longer than 120 columns, no method than 60 lines.</summary>
public sealed partial class MeasureTests
{
    private const int Columns = 120;
    private const int Lines = 60;

    private static readonly string[] Folders = ["src", "db", "tests", "benchmarks", "samples"];

    [Fact]
    public void no_line_is_too_long() => Files("*.cs").Concat(Files("*.sql"))
        .SelectMany(file => File.ReadLines(file).Select((line, number) => (file, number, line.Length)))
        .Where(line => line.Length > Columns)
        .Select(line => $"{line.file}:{line.number + 1} has {line.Length} columns").ShouldBeEmpty();

    [Fact]
    public void no_method_is_too_long() => Files("*.cs").SelectMany(LongMethods).ShouldBeEmpty();

    [Fact]
    public void what_a_conjoined_store_has_in_its_place_stands_on_one_line() => Files("*.sql")
        .SelectMany(file => File.ReadLines(file).Select((line, number) => (file, number, line)))
        .Where(line => OpenMarker().IsMatch(line.line))
        .Select(line => $"{line.file}:{line.number + 1}").ShouldBeEmpty();

    [Fact]
    public void the_length_of_a_method_is_seen()
    {
        string[] type = ["public class C", "{", "    public void M()", "    {", "        F();", "    }", "}"];

        MethodsOf(type).ShouldBe([(3, 1)]);
    }

    private static IEnumerable<string> Files(string pattern) =>
        from folder in Folders
        from file in Directory.EnumerateFiles(Repository.Below(folder), pattern, SearchOption.AllDirectories)
        where !BuildOutput().IsMatch(file)
        select file;

    private static IEnumerable<string> LongMethods(string file) =>
        from method in MethodsOf(File.ReadAllLines(file))
        where method.Length > Lines
        select $"{file}:{method.Line} has {method.Length} lines";

    /// <summary>
    /// By indentation: what stands between braces of the same column below the head of a member, which is no type.
    /// </summary>
    private static IEnumerable<(int Line, int Length)> MethodsOf(string[] lines) =>
        from first in Enumerable.Range(1, Math.Max(lines.Length - 1, 0))
        where OpeningBrace().IsMatch(lines[first]) && !Type().IsMatch(HeadOf(lines, first))
        let end = Array.FindIndex(
            lines, first, line => line.StartsWith(lines[first].Replace('{', '}'), StringComparison.Ordinal))
        where end > first
        select (first, end - first - 1);

    private static string HeadOf(string[] lines, int brace)
    {
        var column = lines[brace].IndexOf('{', StringComparison.Ordinal);
        return lines[..brace].Last(line => line.Length > column && line[column] != ' ' && line[..column].Trim() == "");
    }

    [GeneratedRegex(@"/\* conjoined:(?!.*\*/)")]
    private static partial Regex OpenMarker();

    [GeneratedRegex(@"[/\\](bin|obj)[/\\]")]
    private static partial Regex BuildOutput();

    [GeneratedRegex(@"^ {4,8}\{$")]
    private static partial Regex OpeningBrace();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\b")]
    private static partial Regex Type();
}
