using System.Diagnostics;
using MartenEventing.TestSupport.House;

namespace MartenEventing.S3.Tests;

/// <summary>What the built tool did, run as a process of its own from where it was built.</summary>
internal sealed record ToolRun(int ExitCode, string Out, string Error)
{
    public static async Task<ToolRun> OfAsync(IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var built = Path.GetRelativePath(
            Repository.Below("tests", "MartenEventing.S3.Tests"),
            Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var start = new ProcessStartInfo(
            "dotnet", [Repository.Below("src", "MartenEventing.Cli", built, "marten-eventing.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ToolRun(process.ExitCode, await output, await error);
    }
}
