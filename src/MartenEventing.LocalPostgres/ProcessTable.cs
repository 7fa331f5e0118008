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

    public static readonly bool HasProc = Directory.Exists("/proc/self");

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

    /// <summary>The same as one text, of ps: where there is no /proc.</summary>
    public static string Arguments(int processId) => Capture("ps", "-ww", "-o", "args=", "-p", $"{processId}");

    /// <summary>A link to the folder that a process works in, whatever its name has become.</summary>
    public static string WorkingDirectoryLink(int processId) => $"/proc/{processId}/cwd";

    /// <summary>The folder that a process works in; null when it is gone or we may not know.</summary>
    public static string? WorkingDirectory(int processId)
    {
        try
        {
            return new FileInfo(WorkingDirectoryLink(processId)).LinkTarget;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The name of the program; empty when the process is gone.</summary>
    public static string Name(int processId)
    {
        if (HasProc)
            return ReadProc(processId, "comm").Trim();
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
