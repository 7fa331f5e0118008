using System.Diagnostics;
using System.Globalization;

namespace MartenEventing.LocalPostgres;

/// <summary>
/// A detached shell that removes a temporary server, or stops a persistent one, when our process ends without doing so,
/// even by SIGKILL: it waits for the end of a pipe whose other end only we hold. Windows has no such shell; there the
/// next start sweeps.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    // In a session of its own it gets neither Ctrl-C nor a signal sent to our process group.
    private const string Detach = """
        exec 3<&0
        session=$(command -v setsid)
        $session sh -c "$1" marten-eventing-watchdog "$2" "$3" <&3 3<&- >/dev/null 2>&1 &
        """;

    // A watchdog must not be collected with its server: closing the pipe removes a server that is still in use.
    private static readonly HashSet<Watchdog> Alive = [];
    private readonly Process _launcher;

    private Watchdog(Process launcher) => _launcher = launcher;

    /// <summary>Watches over a temporary server: it goes with its folder.</summary>
    public static Task<Watchdog?> StartAsync(string folder, CancellationToken cancellation) =>
        StartAsync(folder, keptServer: "", cancellation);

    /// <summary>Watches over a persistent server while it is this process: it stops, and its data stay.</summary>
    public static Task<Watchdog?> StartAsync(string folder, int process) =>
        StartAsync(folder, process.ToString(CultureInfo.InvariantCulture), CancellationToken.None);

    public void Dispose()
    {
        lock (Alive)
            Alive.Remove(this);
        _launcher.StandardInput.Dispose();
        _launcher.Dispose();
    }

    private static async Task<Watchdog?> StartAsync(string folder, string keptServer, CancellationToken cancellation)
    {
        if (OperatingSystem.IsWindows())
            return null;
        var script = await ReadScriptAsync(cancellation);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Detach, "sh", script, folder, keptServer])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        var watchdog = new Watchdog(Process.Start(start)!);
        lock (Alive)
            Alive.Add(watchdog);
        await watchdog._launcher.WaitForExitAsync(cancellation);
        return watchdog;
    }

    private static async Task<string> ReadScriptAsync(CancellationToken cancellation)
    {
        await using var stream = typeof(Watchdog).Assembly.GetManifestResourceStream("watchdog.sh")!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }
}
