using System.Text.Json;
using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.Partitioning;

namespace MartenEventing.Cli.Tests.Archive;

public sealed class ArchiveCommandTests : IDisposable
{
    private static readonly string Month = SampleEvents.MonthName(-3);

    private readonly string _folder = Directory.CreateTempSubdirectory("partition-archive-").FullName;

    [Theory]
    [InlineData("verify")]
    [InlineData("query", "--type", "scanned")]
    [InlineData("redact", "--stream", "a", "--reason", "asked for", "--yes")]
    public async Task a_folder_without_archives_is_an_error_and_not_a_success(string verb, params string[] options)
    {
        var missing = Path.Combine(_folder, "nothing here");

        var run = await CommandRun.OfAsync(["archive", verb, missing, .. options]);

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain(
            $"\"{missing}\" holds no complete partition archive. Give the folder that the archives' ");
    }

    [Fact]
    public async Task a_month_goes_into_files_is_looked_at_there_and_comes_back()
    {
        await using var store = await FilledAsync(streams: 20);

        var dry = await CommandRun.OnAsync(store, "archive", "create", _folder, Month, "--dry-run", "--show-sql");
        var created = await CommandRun.OnAsync(store, "archive", "create", _folder, Month);
        var list = await CommandRun.OfAsync("archive", "list", _folder);
        await store.ExecuteAsync("SELECT drop_old_partitions(1)");
        var verified = await CommandRun.OfAsync("archive", "verify", _folder);
        var found = await CommandRun.OfAsync(
            "archive", "query", _folder, "--type", "scanned", "--limit", "3", "--json");
        var compared = await CommandRun.OnAsync(store, "archive", "verify", _folder, Month, "--against-database");
        var unasked = await CommandRun.OnAsync(store, "archive", "restore", _folder, Month);
        var plan = await CommandRun.OnAsync(store, "archive", "restore", _folder, Month, "--dry-run", "--show-sql");
        var restored = await CommandRun.OnAsync(store, "archive", "restore", _folder, Month, "--yes");

        dry.Out.ShouldStartWith($"{Month}  200 events of 20 streams, from ");
        dry.Out.ShouldContain("SELECT e.\"seq_id\"::text");
        created.ExitCode.ShouldBe(ExitCode.Done);
        created.Out.ShouldMatch(
            $"^{Month}  200 events of 20 streams in [0-9,]+ B: [0-9,]+ bytes for 1,000 events, [0-9]+ % saved\n$");
        created.Error.ShouldContain("read back and compared, the same.");
        list.Out.ShouldContain(Month);
        verified.Out.ShouldStartWith($"{Month}  in order, 200 events");
        verified.Error.ShouldBe("1 archives are as they were written.\n");
        found.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
            JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()).ShouldBe(
                ["scanned", "scanned", "scanned"]);
        compared.ExitCode.ShouldBe(ExitCode.FoundWrong);
        compared.Out.ShouldContain("is in the archive and not in the database");
        unasked.ExitCode.ShouldBe(ExitCode.WrongUsage);
        plan.Out.ShouldContain("mt_bring_back(");
        restored.Out.ShouldBe($"{Month}  200 events came back, 0 were there, 20 streams are there again\n");
        (await CommandRun.OnAsync(store, "archive", "verify", _folder, "--against-database")).ExitCode.ShouldBe(
            ExitCode.Done);
    }

    [Fact]
    public async Task a_stream_is_erased_and_an_archive_removed_when_told_to()
    {
        await using var store = await FilledAsync(streams: 5);
        var stream = await store.ScalarAsync<Guid>("SELECT stream_id FROM mt_events LIMIT 1");
        await CommandRun.OnAsync(store, "archive", "create", _folder, Month);
        string[] redact =
            ["archive", "redact", _folder, "--stream", $"{stream}", "--reason", "asked for", "--by", "Ada"];

        var dry = await CommandRun.OnAsync(store, [.. redact, "--dry-run"]);
        var done = await CommandRun.OnAsync(store, [.. redact, "--yes", "--json"]);
        var left = await CommandRun.OfAsync("archive", "query", _folder, "--stream", $"{stream}");
        var list = await CommandRun.OfAsync("archive", "list", _folder, "--json");
        var refused = await CommandRun.OnAsync(store, "archive", "drop", _folder, Month);
        var dropped = await CommandRun.OnAsync(store, "archive", "drop", _folder, Month, "--yes");

        dry.Error.ShouldEndWith("10 events would be erased.\n");
        done.Error.ShouldEndWith("10 events erased.\n");
        left.Error.ShouldBe("0 events.\n");
        JsonDocument.Parse(list.Out).RootElement[0].GetProperty("manifest").GetProperty("redactions")[0]
            .GetProperty("reason").GetString().ShouldBe("asked for");
        refused.ExitCode.ShouldBe(ExitCode.WrongUsage);
        refused.Error.ShouldContain("add --yes");
        dropped.ExitCode.ShouldBe(ExitCode.Done);
        (await CommandRun.OfAsync("archive", "list", _folder)).Error.ShouldBe("0 archives.\n");
    }

    [Fact]
    public async Task the_key_comes_from_a_file_or_the_environment()
    {
        await using var store = await FilledAsync(streams: 1);
        var file = Path.Combine(_folder, "key");
        await File.WriteAllTextAsync(file, new string('b', 64) + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var without = await CommandRun.OnAsync(store, "archive", "create", _folder, Month, "--encrypt");
        var created = await CommandRun.OnAsync(
            store, "archive", "create", _folder, Month, "--encrypt", "--key-file", file);
        var unread = await CommandRun.OfAsync("archive", "query", _folder);
        var read = await CommandRun.OfAsync(
            ["archive", "query", _folder],
            new Surroundings { Variables = { [ArchiveKey.Variable] = new string('b', 64) } });
        var wrong = await CommandRun.OfAsync(
            ["archive", "verify", _folder, Month],
            new Surroundings { Variables = { [ArchiveKey.Variable] = new string('c', 64) } });

        without.ExitCode.ShouldBe(ExitCode.WrongUsage);
        created.ExitCode.ShouldBe(ExitCode.Done);
        unread.Error.ShouldContain("is encrypted. Give its key in MARTEN_EVENTING_ARCHIVE_KEY or by --key-file.");
        read.Error.ShouldBe("10 events.\n");
        wrong.Error.ShouldContain("was encrypted with another key. Nothing is damaged");
    }

    [Fact]
    public async Task what_is_wrong_is_told_with_file_and_byte()
    {
        await using var store = await FilledAsync(streams: 5);
        await CommandRun.OnAsync(store, "archive", "create", _folder, Month);
        var file = Directory.GetFiles(Path.Combine(_folder, Month), "events-*").Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[77] ^= 4;
        await File.WriteAllBytesAsync(file, bytes);

        var verified = await CommandRun.OfAsync("archive", "verify", _folder);
        var restored = await CommandRun.OnAsync(store, "archive", "restore", _folder, Month, "--yes");

        verified.ExitCode.ShouldBe(ExitCode.FoundWrong);
        verified.Out.ShouldContain(
            $"{Month}/{Path.GetFileName(file)}, byte 0 to {bytes.Length}: chunk 0 is not the one");
        restored.ExitCode.ShouldBe(ExitCode.Failed);
        restored.Error.ShouldContain($"{Path.GetFileName(file)}, byte 0 to {bytes.Length}");
    }

    [Fact]
    public async Task killed_while_it_writes_or_restores_the_program_leaves_nothing_half_done()
    {
        await using var store = await FilledAsync(streams: 1_500);
        await store.ExecuteAsync(
            "UPDATE mt_events SET data = to_jsonb(repeat(md5(seq_id::text), 40) || md5(id::text))");
        using (var process = Executable.Start(
            store.ConnectionString, "archive", "create", _folder, Month, "--compression", "none"))
        {
            await UntilAsync(
                () => Directory.EnumerateFiles(_folder, "events-*", SearchOption.AllDirectories).Any(), process);
            process.Kill();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldNotBe(0);
        }

        (await CommandRun.OfAsync("archive", "list", _folder)).Error.ShouldStartWith("0 archives.\n");
        (await CommandRun.OnAsync(store, "archive", "create", _folder, Month, "--compression", "none"))
            .ExitCode.ShouldBe(ExitCode.Done);
        await store.ExecuteAsync("SELECT drop_old_partitions(1)");
        using (var process = Executable.Start(store.ConnectionString, "archive", "restore", _folder, Month, "--yes"))
        {
            await UntilAsync(
                () => store.ScalarAsync<bool>(
                    "SELECT EXISTS (SELECT FROM pg_description WHERE description ~ '^partition archive .* files " +
                    "[1-9]')")
                    .GetAwaiter().GetResult(),
                process);
            process.Kill();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldNotBe(0);
        }

        var restored = await CommandRun.OnAsync(store, "archive", "restore", _folder, Month, "--yes");

        restored.ExitCode.ShouldBe(ExitCode.Done, restored.Error);
        (await CommandRun.OnAsync(store, "archive", "verify", _folder, Month, "--against-database")).ExitCode.ShouldBe(
            ExitCode.Done);
        (await store.ScalarAsync<long>("SELECT count(DISTINCT (stream_id, version)) FROM mt_events")).ShouldBe(15_000);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task UntilAsync(Func<bool> condition, System.Diagnostics.Process process)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition() && !process.HasExited)
            await Task.Delay(2, limit.Token);
    }

    private static async Task<StoreDatabase> FilledAsync(int streams)
    {
        var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("SELECT mt_provision_history('month', $1)", SampleEvents.Month(-4));
        await store.FillAsync(SampleEvents.Month(-3), TimeSpan.FromSeconds(20), 10 * streams);
        return store;
    }
}
