using System.Text.Json;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Importing;

namespace MartenEventing.Cli.Tests.Events;

public sealed class ImportCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("import-");

    private string File => Path.Combine(_folder.FullName, "events.ndjson.gz");

    private string Bad => Path.Combine(_folder.FullName, "bad.ndjson");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task a_file_is_imported_and_a_summary_told()
    {
        await using var store = await StoreDatabase.CreateAsync();
        Write(
            EventLines.Line("a", 1, new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero)),
            EventLines.Line("b", 2, new DateTimeOffset(2026, 9, 30, 23, 59, 59, TimeSpan.Zero)),
            EventLines.Line("a", 3, DateTimeOffset.UnixEpoch));

        var run = await CommandRun.OnAsync(store, "events", "import", File);

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Error.ShouldBe("");
        string.Join('\n', run.Out.Split('\n').Select(line => line.TrimEnd())).ShouldMatch(
            """
            ^Events              3
            New streams         2
            From                1970-01-01 00:00:00Z
            To                  2026-09-30 23:59:59Z
            Partitions made     \d+: mt_events_m202607 to mt_events_m2026\d\d
            Events in the head  1
            Lines               3, of these 0 imported before and 0 set aside
            Source              sha256 [0-9a-f]{32}
            $
            """.ReplaceLineEndings("\n"));
        await store.DataSource.ShouldHoldLinesAsync(3);
    }

    [Fact]
    public async Task a_tenant_with_streams_of_its_own_gets_the_events_and_shows_them()
    {
        await using var store = await StoreDatabase.CreateAsync(
            StreamIdentity.String, tenancy: EventTenancy.Conjoined);
        Write(EventLines.Line("a", 1), EventLines.Line("a", 2));

        foreach (var tenant in (string[])["north", "south"])
            (await CommandRun.OnAsync(store, "events", "import", File, "--tenant", tenant)).Out.ShouldContain("Events");

        (await CommandRun.OnAsync(store, "events", "query", "--tenant", "south")).Error.ShouldBe("2 events.\n");
        (await CommandRun.OnAsync(store, "stream", "inspect", "a", "--tenant", "north")).Error.ShouldBe("2 events.\n");
        (await CommandRun.OnAsync(store, "stream", "list", "--tenant", "north")).Error.ShouldBe("1 streams.\n");
        (await CommandRun.OnAsync(store, "stream", "list")).Error.ShouldBe("0 streams.\n");
    }

    [Fact]
    public async Task the_summary_is_told_as_json()
    {
        await using var store = await StoreDatabase.CreateAsync();
        Write(EventLines.Line("a", 1), EventLines.Line("a", 2));

        await CommandRun.OnAsync(store, "events", "import", File, "--source", "daily", "--batch-size", "1");
        var run = await CommandRun.OnAsync(store, "events", "import", File, "--json", "--source", "daily", "--restart");

        var told = JsonDocument.Parse(run.Out).RootElement;
        told.GetProperty("source").GetString().ShouldBe("daily");
        told.GetProperty("events").GetInt32().ShouldBe(2);
        told.GetProperty("newStreams").GetInt32().ShouldBe(0);
        told.GetProperty("earliest").GetDateTimeOffset().ShouldBe(EventLines.Noon);
    }

    [Fact]
    public async Task a_bad_line_stops_with_its_number_and_what_is_wrong()
    {
        await using var store = await StoreDatabase.CreateAsync();
        Write(EventLines.Line("a", 1), """{"stream":"a","type":"b","timestamp":"2026-13-01T00:00:00Z","data":1}""");

        var run = await CommandRun.OnAsync(store, "events", "import", File);

        (run.ExitCode, run.Out).ShouldBe((ExitCode.Failed, ""));
        run.Error.ShouldMatch(
            "^error: Line 2 cannot be imported: its timestamp \"2026-13-01T00:00:00Z\" is none of ISO 8601, such as "
            + "2026-11-20T21:30:00Z.\nThe lines before it are stored. Mend it and go on with --source "
            + "\"sha256 [0-9a-f]{32}\", "
            + "or pass such lines by: --skip-bad FILE.\n$");
        await store.DataSource.ShouldHoldLinesAsync(1);
    }

    [Fact]
    public async Task a_file_that_cannot_be_read_on_is_not_advised_to_be_passed_by()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var gzip = EventLines.Gzip(EventLines.Line("a", 1)).ToArray();
        System.IO.File.WriteAllBytes(File, gzip[..^8]);

        foreach (var dryRun in (string[][])[["--dry-run"], []])
        {
            var run = await CommandRun.OnAsync(store, ["events", "import", File, "--skip-bad", Bad, .. dryRun]);

            run.ExitCode.ShouldBe(ExitCode.Failed);
            run.Error.ShouldContain("--skip-bad cannot pass by what cannot be read.");
        }
    }

    [Fact]
    public async Task bad_lines_are_set_aside_with_number_and_reason()
    {
        await using var store = await StoreDatabase.CreateAsync();
        Write("oops \"ü\"", EventLines.Line("a", 1), "{}");

        var run = await CommandRun.OnAsync(store, "events", "import", File, "--skip-bad", Bad);

        run.ExitCode.ShouldBe(ExitCode.Done);
        run.Out.ShouldContain("3, of these 0 imported before and 2 set aside");
        System.IO.File.ReadAllText(Bad).ShouldBe(
            """
            {"line":1,"reason":"it is not JSON, or nested deeper than 1000, at byte 1.","text":"oops \"ü\""}
            {"line":3,"reason":"it lacks stream, type, timestamp, data.","text":"{}"}

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task a_dry_run_reads_all_and_changes_nothing()
    {
        await using var store = await StoreDatabase.CreateAsync();
        Write([.. EventLines.Shuffled(100, streams: 7, years: 2), "oops"]);

        var stopped = await CommandRun.OnAsync(store, "events", "import", File, "--dry-run");
        var run = await CommandRun.OnAsync(
            store, "events", "import", File, "--dry-run", "--show-sql", "--skip-bad", Bad, "--batch-size", "10");

        stopped.ExitCode.ShouldBe(ExitCode.Failed);
        stopped.Error.ShouldContain("Line 101 cannot be imported: it is not JSON");
        (run.ExitCode, run.Error.EndsWith("Nothing was stored.\n")).ShouldBe((ExitCode.Done, true));
        run.Out.ShouldMatch("Events +100 *\nStreams +7 *\n(.*\n)*Partitions to make +2[0-9]: mt_events_m2024");
        run.Out.ShouldContain("101, of these 0 imported before and 1 to set aside");
        run.Out.ShouldContain("COPY \"public\".mt_events (");
        System.IO.File.Exists(Bad).ShouldBeFalse();
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(0);
        (await store.ColumnAsync<string>("SELECT name FROM mt_partitions()")).ShouldNotContain("mt_events_m202501");
    }

    [Fact]
    public async Task a_file_that_is_not_there_is_named()
    {
        await using var store = await StoreDatabase.CreateAsync();

        var run = await CommandRun.OnAsync(store, "events", "import", File);

        (run.ExitCode, run.Error).ShouldBe((ExitCode.Failed, $"error: Could not find file '{File}'.\n"));
    }

    [Fact]
    public async Task a_wrong_batch_size_is_wrong_usage()
    {
        await using var store = await StoreDatabase.CreateAsync();
        Write(EventLines.Line("a", 1));

        var run = await CommandRun.OnAsync(store, "events", "import", File, "--batch-size", "0");

        (run.ExitCode, run.Error).ShouldBe(
            (ExitCode.WrongUsage, "error: ImportOptions.BatchSize is 0. Allowed: 1 to 100000.\n"));
    }

    [Fact]
    public async Task standard_input_is_read_too()
    {
        await using var store = await StoreDatabase.CreateAsync();

        using var process = Executable.Start(store.ConnectionString, "events", "import", "-");
        await EventLines.Gzip(EventLines.Shuffled(3000, streams: 9, years: 1)).CopyToAsync(
            process.StandardInput.BaseStream);
        var run = await process.EndAsync();

        run.ExitCode.ShouldBe(ExitCode.Done, run.Error);
        run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.EndsWith(" events/s"));
        await store.DataSource.ShouldHoldLinesAsync(3000);
    }

    [Fact]
    public async Task a_killed_import_goes_on_without_loss_or_doubles()
    {
        await using var store = await StoreDatabase.CreateAsync();
        Write(EventLines.Shuffled(30_000, streams: 300, years: 1));

        using var process = Executable.Start(store.ConnectionString, "events", "import", File, "--batch-size", "100");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await store.ScalarAsync<long>("SELECT coalesce(max(lines), 0) FROM mt_import_progress") < 1000)
            await Task.Delay(1, limit.Token);
        process.Kill();
        await process.WaitForExitAsync(limit.Token);
        var run = await CommandRun.OnAsync(store, "events", "import", File, "--json");

        JsonDocument.Parse(run.Out).RootElement.GetProperty("events").GetInt64().ShouldBeInRange(1, 29_100);
        await store.DataSource.ShouldHoldLinesAsync(30_000, interrupted: true);
    }

    private void Write(params string[] lines)
    {
        using var file = System.IO.File.Create(File);
        EventLines.Gzip(lines).CopyTo(file);
    }
}
