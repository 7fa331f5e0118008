using MartenEventing.LocalPostgres;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>The psql of this machine.</summary>
public static class Psql
{
    private static readonly Lazy<Task<string?>> Program = new(FindAsync);

    /// <summary>Runs a script and returns what psql printed. Skips the test where there is no psql.</summary>
    public static async Task<string> RunAsync(string connectionString, string script)
    {
        var program = await Program.Value;
        Assert.SkipWhen(program is null, "There is no psql on this machine.");
        return await ClientProgram.RunAsync(connectionString, program!, ["-X", "-q", "-v", "ON_ERROR_STOP=1"], script);
    }

    private static async Task<string?> FindAsync()
    {
        var binaries = await PostgresBinaries.FindAsync();
        var name = OperatingSystem.IsWindows() ? "psql.exe" : "psql";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return new[] { binaries.BinDirectory }.Concat(folders).Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
