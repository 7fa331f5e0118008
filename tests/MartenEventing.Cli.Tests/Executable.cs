using System.Diagnostics;
using MartenEventing.LocalPostgres;

namespace MartenEventing.Cli.Tests;

/// <summary>The built program, run as a process of its own.</summary>
public static class Executable
{
    public static Process Start(string connection, params string[] arguments)
    {
        var name = OperatingSystem.IsWindows() ? "marten-eventing.exe" : "marten-eventing";
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment = { [PostgresConnection.Variable] = connection },
        };
        return Process.Start(start)!;
    }

    public static async Task<CommandRun> EndAsync(this Process process)
    {
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandRun(process.ExitCode, await output, await error);
    }
}
