namespace MartenEventing.LocalPostgres;

/// <summary>The places of this machine in which binaries are looked for.</summary>
/// <param name="Given">The value of MARTEN_EVENTING_PG_BIN, or null.</param>
/// <param name="Path">The folders of PATH.</param>
/// <param name="InstallFolders">The bin folders of the usual packages, newest version first.</param>
internal sealed record SearchPlaces(string? Given, IReadOnlyList<string> Path, IReadOnlyList<string> InstallFolders)
{
    public const string GivenVariable = "MARTEN_EVENTING_PG_BIN";

    public static SearchPlaces OfThisMachine() => new(
        Variable(GivenVariable),
        (Variable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        FindInstallFolders());

    public static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static List<string> FindInstallFolders()
    {
        if (OperatingSystem.IsWindows())
        {
            var programs = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);
            return Versions(System.IO.Path.Combine(programs, "PostgreSQL"), "*");
        }

        return
        [
            .. Versions("/usr/lib/postgresql", "*"),
            .. Versions("/usr", "pgsql-*"),
            .. Versions("/opt/homebrew/opt", "postgresql*"),
            .. Versions("/usr/local/opt", "postgresql*"),
            .. Versions("/home/linuxbrew/.linuxbrew/opt", "postgresql*"),
            .. Versions("/Applications/Postgres.app/Contents/Versions", "*"),
            "/usr/local/pgsql/bin",
        ];
    }

    private static List<string> Versions(string parent, string pattern) =>
        !Directory.Exists(parent) ? [] :
        [
            .. Directory.EnumerateDirectories(parent, pattern)
                .OrderByDescending(folder => MajorInName(System.IO.Path.GetFileName(folder)))
                .Select(folder => System.IO.Path.Combine(folder, "bin")),
        ];

    private static int MajorInName(string name)
    {
        var digits = name.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit);
        return int.TryParse(string.Concat(digits), out var major) ? major : 0;
    }
}
