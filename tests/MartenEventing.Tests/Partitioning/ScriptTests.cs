using System.Diagnostics;
using MartenEventing.TestSupport.House;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Partitioning;

public sealed class ScriptTests
{
    [Fact]
    public async Task the_script_makes_what_is_missing_once_and_prints_it()
    {
        await using var store = await StoreDatabase.CreateAsync(schema: "shop");

        (await RunAsync(store)).ShouldBe((0, "", ""));
        (await RunAsync(store, "5")).ShouldBe((0, $"{MonthName(4)}\n{MonthName(5)}\n", ""));
        (await RunAsync(store, "5")).ShouldBe((0, "", ""));
    }

    [Theory]
    [InlineData("1001")]
    [InlineData("-1")]
    [InlineData("next month")]
    public async Task a_wrong_number_is_wrong_usage(string ahead)
    {
        await using var store = await StoreDatabase.CreateAsync(schema: "shop");

        var (code, output, error) = await RunAsync(store, ahead);

        (code, output).ShouldBe((2, ""));
        error.ShouldContain($"months-ahead is 0 to 1000, not \"{ahead}\"");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(
        StoreDatabase store, params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script needs bash.");
        await Psql.RunAsync(store.ConnectionString, "");
        var connection = new NpgsqlConnectionStringBuilder(store.ConnectionString);
        var url = $"postgresql://{connection.Username}:{Uri.EscapeDataString(connection.Password ?? "")}"
            + $"@{connection.Host}:{connection.Port}/{connection.Database}";
        using var process = Process.Start(new ProcessStartInfo(
            "bash", [Repository.Below("scripts", "create-event-store-partition.sh"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DATABASE_URL"] = url, ["MARTEN_EVENTING_SCHEMA"] = store.Schema },
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
