using System.Globalization;

namespace MartenEventing.LocalPostgres;

/// <summary>
/// What a running server says of itself in <c>postmaster.pid</c>: line 1 its process id, 4 its port, 7 key and id of
/// its System V shared memory, 8 its state (see PostgreSQL's <c>miscadmin.h</c>, LOCK_FILE_LINE_*).
/// </summary>
internal sealed record PostmasterFile(int ProcessId, int Port, int SharedMemoryId, string State)
{
    public bool IsReady => State is "ready" or "standby";

    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "postmaster.pid");

    /// <summary>Null when there is no such file, or not yet a process id in it.</summary>
    public static PostmasterFile? Read(string dataDirectory)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PathIn(dataDirectory));
        }
        catch (IOException)
        {
            return null;
        }

        return Number(lines, 0) is int processId
            ? new PostmasterFile(processId, Number(lines, 3) ?? 0, LastNumber(Text(lines, 6)), Text(lines, 7))
            : null;
    }

    /// <summary>
    /// The server that runs on this data folder; null when none does, even where a stale file is left.
    /// </summary>
    public static PostmasterFile? ReadRunning(string dataDirectory)
    {
        var file = Read(dataDirectory);
        return file is not null
            && ServerProcesses.Classify(file.ProcessId, dataDirectory) == ServerProcess.Server ? file : null;
    }

    private static int LastNumber(string text) =>
        int.TryParse(text.Split(' ')[^1], CultureInfo.InvariantCulture, out var id) ? id : -1;

    private static string Text(string[] lines, int index) => index < lines.Length ? lines[index].Trim() : "";

    private static int? Number(string[] lines, int index) =>
        int.TryParse(Text(lines, index), CultureInfo.InvariantCulture, out var number) ? Math.Abs(number) : null;
}
