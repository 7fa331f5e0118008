using System.Text.Json;
using MartenEventing.Benchmarks.Measurements;

namespace MartenEventing.Benchmarks.Tests;

public sealed class CompareTests
{
    [Fact]
    public async Task a_quick_comparison_gives_every_ratio_with_its_spread()
    {
        var (exitCode, output, talk) = await CompareAsync("--quick", "--json");

        exitCode.ShouldBe(0, talk);
        var document = JsonDocument.Parse(output).RootElement;
        document.GetProperty("about").GetProperty("server").GetProperty("fsync").GetString().ShouldNotBeNull();
        foreach (var key in Catalogue.Keys)
        {
            var ratio = document.GetProperty(key);
            var value = ratio.GetProperty("value").GetDouble();
            value.ShouldBeGreaterThan(0, key);
            value.ShouldBeInRange(ratio.GetProperty("min").GetDouble(), ratio.GetProperty("max").GetDouble(), key);
            ratio.TryGetProperty("target", out _).ShouldBeTrue(key);
            ratio.TryGetProperty("met", out _).ShouldBeTrue(key);
        }
    }

    [Fact]
    public async Task only_the_ratios_that_are_asked_for_are_printed()
    {
        var (exitCode, output, talk) = await CompareAsync("--quick", "--only", "window_query");

        exitCode.ShouldBe(0, talk);
        output.ShouldContain("window_query.speedup");
        output.ShouldNotContain("append.ratio");
    }

    [Fact]
    public async Task an_unknown_ratio_is_refused_with_the_names_there_are()
    {
        var (exitCode, _, talk) = await CompareAsync("--only", "speed_of_light");

        exitCode.ShouldBe(2);
        talk.ShouldContain("speed_of_light");
        talk.ShouldContain("window_query.speedup");
    }

    [Fact]
    public async Task a_number_out_of_range_is_refused_with_the_range()
    {
        var (exitCode, _, talk) = await CompareAsync("--months", "1");

        exitCode.ShouldBe(2);
        talk.ShouldContain("--months is 1. Allowed: 2 to 600.");
    }

    private static async Task<(int ExitCode, string Output, string Talk)> CompareAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var talk = new StringWriter();
        var exitCode = await CompareCommand.RunAsync(
            ["compare", .. arguments], output, talk, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), talk.ToString());
    }
}
