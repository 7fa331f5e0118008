using System.Diagnostics;

namespace MartenEventing.LocalPostgres.Tests;

/// <summary>
/// Another process that starts a temporary server and then waits to be ended: this test program, running
/// <see cref="ChildOwnerProgram"/>.
/// </summary>
public sealed class ChildOwner : IDisposable
{
    public const string RootVariable = "MARTEN_EVENTING_TEST_CHILD_ROOT";
    public const string ReadyFile = "ready";
    private readonly string _root;
    private readonly Process _process;

    private ChildOwner(string root, Process process)
    {
        _root = root;
        _process = process;
    }

    /// <summary>The folder of the child's server, which holds data and log.</summary>
    public string ServerFolder => Directory.GetDirectories(_root).Single();

    public static ChildOwner Start(string root)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no watchdog.");
        string[] arguments =
        [
            typeof(ChildOwner).Assembly.Location, "-explicit", "only", "-noColor",
            "-method", $"{typeof(ChildOwnerProgram).FullName}.the_child_starts_a_server_and_waits",
        ];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) != "dotnet")
            start.ArgumentList.RemoveAt(0);
        start.Environment[RootVariable] = root;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildOwner(root, process);
    }

    public async Task<int> ServerProcessAsync()
    {
        var ready = Path.Combine(_root, ReadyFile);
        await UntilAsync(() => File.Exists(ready), "the child's server runs");
        return int.Parse(await File.ReadAllTextAsync(ready), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async Task SignalAsync(int signal)
    {
        ProcessTable.Signal(_process.Id, signal);
        await _process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
    }

    public static async Task UntilAsync(Func<bool> condition, string what) =>
        (await Poll.UntilAsync(condition, TimeSpan.FromSeconds(60))).ShouldBeTrue(what);

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
