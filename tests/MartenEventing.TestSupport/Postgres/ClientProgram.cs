using System.Diagnostics;
using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>
/// Programs that are told by the environment which database to speak to: psql, pg_dump, scripts that call them.
/// </summary>
public static class ClientProgram
{
    /// <summary>Runs to a good end, and returns what was printed.</summary>
    public static async Task<string> RunAsync(
        string connectionString, string program, IEnumerable<string> arguments, string input = "",
        string? folder = null)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = connection.Host,
                ["PGPORT"] = connection.Port.ToString(),
                ["PGUSER"] = connection.Username,
                ["PGPASSWORD"] = connection.Password,
                ["PGDATABASE"] = connection.Database,
            },
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        (process.ExitCode, await error).ShouldBe((0, ""));
        return await output;
    }
}
