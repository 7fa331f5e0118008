using MartenEventing.LocalPostgres;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>What pg_dump says about a database, without its rows.</summary>
public static class SchemaDump
{
    /// <summary>
    /// The dump, line by line. Skips the test where there is no pg_dump beside the server's programs.
    /// </summary>
    public static async Task<string[]> ReadAsync(string connectionString)
    {
        var name = OperatingSystem.IsWindows() ? "pg_dump.exe" : "pg_dump";
        var program = Path.Combine((await PostgresBinaries.FindAsync()).BinDirectory, name);
        Assert.SkipUnless(File.Exists(program), $"There is no {program}.");
        var dump = await ClientProgram.RunAsync(connectionString, program, ["--schema-only"]);
        return [.. dump.Split('\n').Where(line => !line.StartsWith("\\restrict", StringComparison.Ordinal)
            && !line.StartsWith("\\unrestrict", StringComparison.Ordinal))];
    }
}
