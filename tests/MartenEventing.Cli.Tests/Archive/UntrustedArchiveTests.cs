using System.Text.Json;
using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.PartitionArchive;
using MartenEventing.TestSupport.Partitioning;

namespace MartenEventing.Cli.Tests.Archive;

/// <summary>Archives that are not what they should be, and what is told of them.</summary>
public sealed class UntrustedArchiveTests : IDisposable
{
    private static readonly string Month = SampleEvents.MonthName(-3);

    private readonly string _folder = Directory.CreateTempSubdirectory("partition-archive-").FullName;

    [Fact]
    public async Task a_bad_archive_among_others_is_listed_and_found_and_the_others_are_looked_at()
    {
        await using var store = await FilledAsync();
        await CommandRun.OnAsync(store, "archive", "create", _folder, Month);
        await CommandRun.OnAsync(store, "archive", "create", _folder, Month);
        await Forged.RewriteAsync(new ArchiveFolder(_folder), Month, manifest => manifest["tables"] = null);
        Directory.CreateDirectory(Path.Combine(_folder, "unfinished"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "unfinished", "events"), "x");

        var list = await CommandRun.OfAsync("archive", "list", _folder);
        var json = await CommandRun.OfAsync("archive", "list", _folder, "--json");
        var verified = await CommandRun.OfAsync("archive", "verify", _folder);
        var found = await CommandRun.OfAsync("archive", "query", _folder);

        (list.ExitCode, verified.ExitCode, found.ExitCode).ShouldBe(
            (ExitCode.Done, ExitCode.FoundWrong, ExitCode.FoundWrong));
        list.Out.ShouldContain("not to be read");
        list.Out.ShouldContain("not complete");
        list.Error.ShouldContain($"The partition archive \"{Month}\" is damaged: manifest.json");
        JsonDocument.Parse(json.Out).RootElement.EnumerateArray().Count(entry =>
            entry.GetProperty("manifest").ValueKind == JsonValueKind.Object).ShouldBe(1);
        verified.Out.ShouldContain($"{Month}-2  in order");
        verified.Error.ShouldEndWith("1 of 2 archives are not in order.\n");
        found.Error.ShouldEndWith("10 events.\n");
    }

    [Fact]
    public async Task an_older_copy_is_found_where_the_database_is_asked()
    {
        await using var store = await FilledAsync();
        var stream = await store.ScalarAsync<Guid>("SELECT stream_id FROM mt_events LIMIT 1");
        await CommandRun.OnAsync(store, "archive", "create", _folder, Month);
        var manifest = Path.Combine(_folder, Month, "manifest.json");
        string[] redact = ["archive", "redact", _folder, "--stream", $"{stream}", "--reason", "asked for", "--yes"];

        var blind = await CommandRun.OfAsync([.. redact, "--without-database"]);
        var refused = await CommandRun.OnAsync(store, "archive", "verify", _folder, "--as-noted");
        var unnamed = await CommandRun.OnAsync(store, "archive", "verify", _folder, "--accept");
        var accepted = await CommandRun.OnAsync(store, "archive", "verify", _folder, Month, "--accept");
        var noted = await CommandRun.OnAsync(store, "archive", "verify", _folder, "--as-noted");
        var both = await CommandRun.OnAsync(store, "archive", "verify", _folder, "--as-noted", "--against-database");

        File.Exists(manifest).ShouldBeTrue();
        (blind.ExitCode, accepted.ExitCode, noted.ExitCode).ShouldBe((ExitCode.Done, ExitCode.Done, ExitCode.Done));
        blind.Error.ShouldContain("No database was asked for legal holds");
        refused.ExitCode.ShouldBe(ExitCode.FoundWrong);
        refused.Out.ShouldBe($"{Month}  is not taken\n");
        refused.Error.ShouldContain("is revision 2 with the seal");
        (unnamed.ExitCode, both.ExitCode).ShouldBe((ExitCode.WrongUsage, ExitCode.WrongUsage));
        noted.Out.ShouldMatch($"^{Month}  in order, .*, revision 2 as noted\n$");
    }

    [Fact]
    public async Task what_a_legal_hold_covers_is_not_redacted_or_dropped_and_another_database_is_no_way_around_it()
    {
        await using var store = await FilledAsync();
        await using var other = await StoreDatabase.CreateAsync();
        var stream = await store.ScalarAsync<Guid>("SELECT stream_id FROM mt_events LIMIT 1");
        await CommandRun.OnAsync(store, "archive", "create", _folder, Month);
        await CommandRun.OnAsync(store, "retention", "hold", "add", "--stream", $"{stream}", "--reason", "court");
        string[] redact = ["archive", "redact", _folder, "--stream", $"{stream}", "--reason", "asked for", "--yes"];

        var held = await CommandRun.OnAsync(store, redact);
        var dry = await CommandRun.OnAsync(store, [.. redact, "--dry-run"]);
        var elsewhere = await CommandRun.OnAsync(other, redact);
        var dropped = await CommandRun.OnAsync(store, "archive", "drop", _folder, Month, "--yes");
        var unasked = await CommandRun.OfAsync("archive", "drop", _folder, Month, "--yes", "--without-database");

        held.ExitCode.ShouldBe(ExitCode.Failed);
        held.Error.ShouldContain(
            $"The stream {stream} in the partition archive \"{Month}\" is under legal hold 1. Nothing was ");
        dry.Error.ShouldContain("is under legal hold 1");
        (elsewhere.ExitCode, dropped.ExitCode, unasked.ExitCode).ShouldBe(
            (ExitCode.Failed, ExitCode.Failed, ExitCode.Done));
        dropped.Error.ShouldContain("is under legal hold 1. Nothing was erased.");
        elsewhere.Error.ShouldContain("is not noted in schema \"public\" of the database");
    }

    [Fact]
    public async Task a_key_file_for_everybody_is_refused_and_a_key_asks_for_encryption()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await using var store = await FilledAsync();
        var file = Path.Combine(_folder, "key");
        await File.WriteAllTextAsync(file, new string('b', 64));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        var withKey = new Surroundings { Variables = { [ArchiveKey.Variable] = new string('b', 64) } };

        var open = await CommandRun.OnAsync(
            store, "archive", "create", _folder, Month, "--encrypt", "--key-file", file);
        var plain = await CommandRun.OnAsync(store, "archive", "create", _folder, Month);
        var refused = await CommandRun.OfAsync(["archive", "verify", _folder], withKey);

        (open.ExitCode, plain.ExitCode, refused.ExitCode).ShouldBe(
            (ExitCode.Failed, ExitCode.Done, ExitCode.FoundWrong));
        open.Error.ShouldContain($"The key file {file} has mode 0604: ");
        open.Error.ShouldContain($"chmod 600 {file}");
        refused.Error.ShouldContain("is not encrypted, and a key was given");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<StoreDatabase> FilledAsync()
    {
        var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("SELECT mt_provision_history('month', $1)", SampleEvents.Month(-4));
        await store.FillAsync(SampleEvents.Month(-3), TimeSpan.FromSeconds(20), 10);
        return store;
    }
}
