namespace MartenEventing.LocalPostgres;

/// <summary>
/// Tells whether a process is the server of a data folder, by whatever name that folder was given to it. A process id
/// alone proves nothing: after a restart of the machine it may belong to anything, and a dead process that nobody has
/// collected still has its id. Nor does another name of the folder prove that it is another folder.
/// </summary>
internal static class ServerProcesses
{
    private const string Program = "postgres";

    public static ServerProcess Classify(int processId, string dataDirectory)
    {
        if (!ProcessTable.IsRunning(processId))
            return ServerProcess.Other;
        if (OperatingSystem.IsWindows())
        {
            return ProcessTable.Name(processId).StartsWith(Program, StringComparison.OrdinalIgnoreCase)
                ? ServerProcess.Server
                : ServerProcess.Other;
        }

        return ProcessTable.HasProc
            ? ByProc(processId, dataDirectory)
            : ByArguments(ProcessTable.Arguments(processId), dataDirectory);
    }

    private static ServerProcess ByProc(int processId, string dataDirectory)
    {
        var command = ProcessTable.CommandLine(processId);
        if (!ProcessTable.Name(processId).StartsWith(Program, StringComparison.Ordinal))
            return ServerProcess.Other;
        var real = RealPath.Of(dataDirectory);
        var isBackend = IsBackend(command[0]);
        if (!isBackend && FolderIn(command) is { } given && RealPath.Of(given) == real)
            return ServerProcess.Server;

        // A server works in its data folder. Of another account's processes we may not be told where they work.
        if (ProcessTable.WorkingDirectory(processId) is not { } folder)
            return ServerProcess.Unknown;
        if (folder == real)
            return isBackend ? ServerProcess.Unknown : ServerProcess.Server;

        // A mount has no link to follow; and a copy of a folder in use has the very same pid file.
        var ours = ReadText(PostmasterFile.PathIn(dataDirectory));
        var theirs = ReadText(PostmasterFile.PathIn(ProcessTable.WorkingDirectoryLink(processId)));
        return theirs is not null && ours == theirs ? ServerProcess.Unknown : ServerProcess.Other;
    }

    /// <summary>Where there is no /proc, nobody tells in which folder a process works.</summary>
    private static ServerProcess ByArguments(string arguments, string dataDirectory)
    {
        if (arguments.Contains(dataDirectory, StringComparison.Ordinal)
            || arguments.Contains(RealPath.Of(dataDirectory), StringComparison.Ordinal))
            return ServerProcess.Server;
        return arguments.Contains(Program, StringComparison.Ordinal) && !IsBackend(arguments)
            ? ServerProcess.Unknown
            : ServerProcess.Other;
    }

    /// <summary>The children of a server call themselves <c>postgres: checkpointer</c> and the like.</summary>
    private static bool IsBackend(string title) => title.StartsWith(Program + ":", StringComparison.Ordinal);

    private static string? FolderIn(string[] command)
    {
        var option = Array.IndexOf(command, "-D");
        return option >= 0 && option + 1 < command.Length ? command[option + 1] : null;
    }

    private static string? ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
