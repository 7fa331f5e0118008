using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MartenEventing.LocalPostgres;

/// <summary>Asks about and signals processes that need not be our children.</summary>
internal static class ProcessTable
{
    public const int Quit = 3;
    public const int Kill = 9;
    public static readonly int Stop = OperatingSystem.IsMacOS() ? 17 : 19;

    private static readonly bool HasProc = Directory.Exists("/proc/self");

    /// <summary>
    /// Whether this process is a server started on this data folder. A process id alone proves nothing: after a restart
    /// of the machine it may belong to anything, and a dead process that nobody has collected still has its id.
    /// </summary>
    public static bool IsServerOf(int processId, string dataDirectory) =>
        HasProc ? CommandLine(processId).Contains(dataDirectory)
        : OperatingSystem.IsWindows() ? Name(processId).StartsWith("postgres", StringComparison.OrdinalIgnoreCase)
        : Capture("ps", "-ww", "-o", "args=", "-p", $"{processId}").Contains(dataDirectory, StringComparison.Ordinal);

    /// <summary>Whether the process still runs; one that is dead but not collected does not.</summary>
    public static bool IsRunning(int processId) =>
        HasProc ? Stat(processId) is { } stat && stat[0] is not ("Z" or "X") : Name(processId).Length > 0;

    /// <summary>Whether the process id is in use, be it by a dead process that was not collected.</summary>
    public static bool Exists(int processId) => HasProc ? Stat(processId) is not null : Name(processId).Length > 0;

    /// <summary>The processes that this one started and that still run.</summary>
    public static IReadOnlyList<int> ChildrenOf(int processId)
    {
        if (OperatingSystem.IsWindows())
            return [];
        if (!HasProc)
            return Numbers(Capture("pgrep", "-P", $"{processId}").Split('\n'));
        return [.. All().Where(id => Stat(id) is [_, var parent, ..] && parent == $"{processId}")];
    }

    /// <summary>The ids of all processes; none where there is no /proc.</summary>
    public static IReadOnlyList<int> All() =>
        HasProc ? Numbers(Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder))) : [];

    /// <summary>Program and arguments of a process; nothing when it is gone or there is no /proc.</summary>
    public static string[] CommandLine(int processId) => ReadProc(processId, "cmdline").Split('\0');

    /// <summary>Sends a signal; a process that is gone is no error. On Windows every signal ends the process.</summary>
    public static void Signal(int processId, int signal)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SendSignal(processId, signal);
            return;
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            // It ended before we came.
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);

    /// <summary>
    /// The fields of /proc/PID/stat that follow the name: state, parent, ...; null when there is no process.
    /// </summary>
    private static string[]? Stat(int processId)
    {
        var text = ReadProc(processId, "stat");
        return text.Length == 0 ? null : text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static string ReadProc(int processId, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/{file}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Name(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.HasExited ? "" : process.ProcessName;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return "";
        }
    }

    private static string Capture(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd();
    }

    private static List<int> Numbers(IEnumerable<string> words)
    {
        var numbers = new List<int>();
        foreach (var word in words)
        {
            if (int.TryParse(word, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
        }

        return numbers;
    }
}
