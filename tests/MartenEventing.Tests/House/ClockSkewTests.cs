using System.Text.RegularExpressions;
using MartenEventing.Events;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Tests.House;

public sealed partial class ClockSkewTests
{
    [Fact]
    public void functions_and_engine_have_the_same_clock_skew() =>
        Skews("").ShouldBe([ClockSkew.Present, ClockSkew.OfLife], ignoreOrder: true);

    [Theory]
    [InlineData("now()", ClockSkew.Present)]
    [InlineData("created", ClockSkew.OfLife)]
    [InlineData("s.timestamp", ClockSkew.OfLife)]
    public void each_is_for_its_own(string of, string skew) => Skews(of).ShouldBe([skew]);

    /// <summary>The minutes that functions add to something, or take off.</summary>
    private static IEnumerable<string> Skews(string of) =>
        Directory.EnumerateFiles(Repository.Below("db", "functions"), "*.sql", SearchOption.AllDirectories)
            .Select(file => Qualified().Replace(File.ReadAllText(file), "$1"))
            .SelectMany(sql => Minutes().Matches(sql)).Where(
                match => match.Groups[1].Value.EndsWith(of, StringComparison.Ordinal))
            .Select(match => match.Groups[2].Value).Distinct();

    [GeneratedRegex(@"OPERATOR\(pg_catalog\.([-+])\)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(\S+)\s+[-+]\s+interval '+([0-9]+ minutes)")]
    private static partial Regex Minutes();
}
