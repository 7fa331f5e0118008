using System.Diagnostics;
using MartenEventing.LocalPostgres;
using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>What pg_dump says about a database, without its rows.</summary>
public static class SchemaDump
{
    /// <summary>The dump, line by line. Skips the test where there is no pg_dump beside the server's programs.</summary>
    public static async Task<string[]> ReadAsync(string connectionString)
    {
        var name = OperatingSystem.IsWindows() ? "pg_dump.exe" : "pg_dump";
        var program = Path.Combine((await PostgresBinaries.FindAsync()).BinDirectory, name);
        Assert.SkipUnless(File.Exists(program), $"There is no {program}.");
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        using var process = Process.Start(new ProcessStartInfo(program, ["--schema-only"])
        {
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
        await process.WaitForExitAsync();
        (process.ExitCode, await error).ShouldBe((0, ""));
        return [.. (await output).Split('\n').Where(line => !line.StartsWith("\\restrict", StringComparison.Ordinal)
            && !line.StartsWith("\\unrestrict", StringComparison.Ordinal))];
    }
}
