namespace MartenEventing.LocalPostgres.Tests;

public sealed class FindingBinariesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public FindingBinariesTests() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The fake programs are shell scripts.");

    [Fact]
    public async Task the_usual_install_folders_are_searched_when_path_is_empty()
    {
        var installed = SearchPlaces.OfThisMachine().InstallFolders;
        Assert.SkipUnless(installed.Any(Directory.Exists), "PostgreSQL is not installed from a package here.");

        var found = await SearchAsync(new SearchPlaces(Given: null, Path: [], installed));

        installed.ShouldContain(found.BinDirectory);
        found.Version.Major.ShouldBeGreaterThanOrEqualTo(PostgresBinaries.MinimumMajorVersion);
    }

    [Fact]
    public async Task the_given_folder_goes_before_path_and_path_before_the_install_folders()
    {
        var given = FakeBinaries.Create(_folder.Below("given"), "16.1");
        var path = FakeBinaries.Create(_folder.Below("path"), "17.2");
        var installed = FakeBinaries.Create(_folder.Below("installed"), "18.3 (Debian 18.3-1)");

        var places = new SearchPlaces(given, [path], [installed]);

        (await SearchAsync(places)).BinDirectory.ShouldBe(given);
        (await SearchAsync(places with { Given = null })).Version.ShouldBe(new Version(17, 2));
        (await SearchAsync(new SearchPlaces(Given: null, [], [installed]))).Version.ShouldBe(new Version(18, 3));
    }

    [Fact]
    public async Task an_incomplete_or_old_installation_is_passed_over()
    {
        var incomplete = FakeBinaries.Create(_folder.Below("incomplete"), "17.2", without: "postgres");
        var old = FakeBinaries.Create(_folder.Below("old"), "14.9");
        var usable = FakeBinaries.Create(_folder.Below("usable"), "15.0");

        var found = await SearchAsync(new SearchPlaces(Given: null, [incomplete, old], [usable]));

        found.BinDirectory.ShouldBe(usable);
    }

    [Fact]
    public async Task a_release_candidate_counts_as_its_major_version()
    {
        var candidate = FakeBinaries.Create(_folder.Below("candidate"), "19rc1");

        (await SearchAsync(new SearchPlaces(Given: null, [candidate], []))).Version.ShouldBe(new Version(19, 0));
    }

    [Fact]
    public async Task data_of_one_version_gets_binaries_of_that_version()
    {
        var newer = FakeBinaries.Create(_folder.Below("newer"), "18.1");
        var same = FakeBinaries.Create(_folder.Below("same"), "16.1");

        var found = await SearchAsync(new SearchPlaces(Given: null, [newer], [same]), major: 16);

        found.BinDirectory.ShouldBe(same);
    }

    [Fact]
    public async Task a_wrong_given_folder_is_an_error_even_if_others_would_do()
    {
        var wrong = FakeBinaries.Create(_folder.Below("wrong"), "17.2", without: "initdb");
        var usable = FakeBinaries.Create(_folder.Below("usable"), "17.2");

        var error = await Should.ThrowAsync<PostgresNotFoundException>(
            () => SearchAsync(new SearchPlaces(wrong, [usable], [])));

        error.Steps.ShouldHaveSingleItem().ShouldBe(
            new PostgresSearchStep("MARTEN_EVENTING_PG_BIN", $"{wrong} has no initdb"));
    }

    [Fact]
    public async Task nothing_found_is_one_error_that_lists_the_ways_and_what_to_do()
    {
        var old = FakeBinaries.Create(_folder.Below("old"), "14.9");

        var error = await Should.ThrowAsync<PostgresNotFoundException>(
            () => SearchAsync(new SearchPlaces(Given: null, [old], [])));

        error.Steps.Select(step => step.Outcome).ShouldBe(
        [
            $"{old} is version 14.9, older than 15",
            "no initdb, pg_ctl or postgres",
            "npm is not installed (it is not on PATH)",
        ]);
        error.Message.ShouldContain("set MARTEN_EVENTING_PG_BIN to the folder");
        error.Message.ShouldContain("set MARTEN_EVENTING_CONNECTION to the connection string");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<PostgresBinaries> SearchAsync(SearchPlaces places, int? major = null)
    {
        var options = new LocalPostgresOptions { CacheDirectory = _folder.Below("cache") };
        var account = await ServerAccount.CurrentAsync(CancellationToken.None);
        return await new BinarySearch(options, account, places) { Major = major }.RunAsync(CancellationToken.None);
    }
}
