using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using MartenEventing.Hosting;
using MartenEventing.Schema;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Docs;

public sealed partial class DefaultTests
{
    private static readonly IReadOnlyList<Type> Types =
        [.. typeof(SchemaMigrator).Assembly.GetTypes(), .. typeof(PartitionMaintenanceOptions).Assembly.GetTypes()];

    [Fact]
    public void every_default_that_stands_behind_an_option_is_the_one_of_the_code()
    {
        var named = (from page in MarkdownPage.All()
                     from passage in page.Passages
                     from match in Option().Matches(passage)
                     let option = PropertyOf(match)
                     where option is not null
                     select (page.Path, match.Value, Told: ValueOf(match), Real: DefaultOf(option))).ToList();

        named.Count.ShouldBeGreaterThan(4);
        named.Where(option => option.Told != option.Real)
            .Select(option => $"{option.Path}: {option.Value}, but it is {option.Real}").ShouldBeEmpty();
    }

    private static PropertyInfo? PropertyOf(Match match) =>
        Types.FirstOrDefault(type => type.Name == match.Groups["type"].Value)?.GetProperty(
            match.Groups["option"].Value);

    private static string? DefaultOf(PropertyInfo option) =>
        Convert(option.GetValue(Activator.CreateInstance(option.DeclaringType!)));

    private static string? ValueOf(Match match)
    {
        var number = double.Parse(match.Groups["number"].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
        return Convert(match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" or "second" or "seconds" => TimeSpan.FromSeconds(number),
            "minute" or "minutes" => TimeSpan.FromMinutes(number),
            "day" or "days" => TimeSpan.FromDays(number),
            _ => number,
        });
    }

    private static string? Convert(object? value) => string.Create(CultureInfo.InvariantCulture, $"{value}");

    [GeneratedRegex(
        """
        `(?<type>[A-Z]\w+)\.(?<option>[A-Z]\w+)`(,\ |\ \()(default\ )?
        (?<number>\d[\d,]*)(\ (?<unit>ms|s|seconds?|minutes?|days?)\b)?
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Option();
}
