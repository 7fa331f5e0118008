using System.ComponentModel;
using System.Diagnostics;

namespace MartenEventing.LocalPostgres;

/// <summary>Runs a program to its end.</summary>
internal static class ChildProcess
{
    /// <summary>The exit code of a program that could not be started at all.</summary>
    public const int NotStarted = -1;

    public static Task<ChildProcessResult> RunAsync(Command command, CancellationToken cancellation) =>
        RunAsync(command, capture: true, cancellation);

    /// <summary>
    /// Without <paramref name="capture"/> the program's output goes where ours goes: on Windows a server inherits the
    /// handles of the program that starts it, so a captured output would not end before the server does.
    /// </summary>
    public static async Task<ChildProcessResult> RunAsync(Command command, bool capture, CancellationToken cancellation)
    {
        using var process = new Process();
        process.StartInfo = command.ToStartInfo(capture);
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            return new ChildProcessResult(NotStarted, $"{command.Program}: {error.Message}");
        }

        try
        {
            return await CompleteAsync(process, capture, cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task<ChildProcessResult> CompleteAsync(
        Process process, bool capture, CancellationToken cancellation)
    {
        if (!capture)
        {
            await process.WaitForExitAsync(cancellation);
            return new ChildProcessResult(process.ExitCode, "");
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new ChildProcessResult(process.ExitCode, (await output + await error).Trim());
    }
}
