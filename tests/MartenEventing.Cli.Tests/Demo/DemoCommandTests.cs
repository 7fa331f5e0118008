using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Npgsql;

namespace MartenEventing.Cli.Tests.Demo;

public sealed partial class DemoCommandTests(KeptDemo kept) : IClassFixture<KeptDemo>
{
    [Fact]
    public void every_scene_is_played()
    {
        var run = kept.Run;

        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldMatch("mt_events_head .*ever");
        run.Out.ShouldMatch(@"mt_events_m\d{6} .*sealed \d");
        run.Out.ShouldMatch(@"The longest stream has [\d,]+ events in 3[67] months");
        run.Out.ShouldContain("got StreamVersionConflictException: expected 2, actual 3");
        run.Out.ShouldContain("SQLSTATE 23505, constraint pk_mt_events_stream_and_version");
        run.Out.ShouldContain("(its seal is withdrawn)");
        run.Out.ShouldMatch(@"mt_events_m\d{6} +[\d,]+ +[\d,]+ +[\d,]+ +\d+ +[\d,]+ k?B");
        run.Out.ShouldContain("The living stream is whole");
        run.Out.ShouldMatch(@"archive query ARCHIVES --stream \S+\n\n +[\d,]+ +1  \d{4}-.+ parcel_registered");
        run.Out.ShouldContain("reads as it did");
        run.Out.ShouldMatch(@"convert split +[\d.]+ +[1-9][\d,]* +\d+");
        run.Out.ShouldMatch(@"[1-9][\d,]* events appended meanwhile, 0 errors");
        run.Out.ShouldContain("Marten and our store read the same five events");
        run.Out.ShouldMatch(@"got\s+EventStreamUnexpectedMaxEventIdException, and nothing of it was stored");
        run.Out.ShouldContain("Partition key: RANGE (\"timestamp\")");
        run.Out.ShouldMatch(@"time to remove a month: DELETE, or detach and drop\s+[\d.,]+ x");
        run.Out.ShouldMatch(@"the same by Marten.s statement +0\.\d+ x");
    }

    [Fact]
    public void the_plan_of_the_window_names_its_two_months_only()
    {
        var run = kept.Run;

        var plan = run.Out[run.Out.IndexOf("SELECT * FROM mt_events", StringComparison.Ordinal)..];
        plan = plan[..plan.IndexOf("\n5. ", StringComparison.Ordinal)];
        Month().Matches(plan).Select(month => month.Value).Distinct().Count().ShouldBe(2);
        plan.ShouldNotContain("mt_events_head");
        plan.ShouldNotContain("mt_events_tail");
    }

    [Fact]
    public void what_is_piped_is_plain_text_of_a_hundred_columns()
    {
        var run = kept.Run;

        run.Out.ShouldNotContain("\u001b");
        // to be copied whole
        run.Out.Split('\n').Where(line => !line.StartsWith("    export ", StringComparison.Ordinal))
            .Max(line => line.Length).ShouldBeLessThanOrEqualTo(100);
    }

    [Fact]
    public async Task cancelled_on_a_server_that_was_given_it_takes_its_database_along()
    {
        using var stop = new CancellationTokenSource();
        var demo = CommandRun.OfAsync(["demo"], await KeptDemo.OnGivenServerAsync(), stop.Token);
        await using var source = NpgsqlDataSource.Create(await PostgresServer.ConnectionStringAsync());
        const string Running =
            """
            SELECT DISTINCT datname::text FROM pg_stat_activity
             WHERE application_name = 'marten-eventing demo' AND query LIKE 'COPY%'
            """;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<string> busy = [];
        while (busy.Count == 0)
        {
            await Task.Delay(20, limit.Token);
            busy = await source.ColumnAsync<string>(Running);
        }

        await stop.CancelAsync();

        (await demo).ExitCode.ShouldBe(130);
        (await source.ColumnAsync<string>("SELECT datname::text FROM pg_database")).Intersect(busy).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_file_is_shown_instead()
    {
        var file = Path.GetTempFileName() + ".ndjson.gz";
        var first = DateTime.UtcNow.Year - 2; // each month until now is a partition of every store that the demo makes
        await using (var zip = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        await using (var writer = new StreamWriter(zip))
            for (var n = 0; n < 600; n++)
            {
                var (stream, time) = ($"s{n % 300}", $"{first + n / 300}-06-{10 + n % 20}T00:00:00Z");
                await writer.WriteLineAsync(
                    $$$"""{"stream":"{{{stream}}}","type":"t{{{n % 7}}}","timestamp":"{{{time}}}","data":{}}""");
            }

        try
        {
            var run = await RunAsync("demo", "--file", file);

            run.ExitCode.ShouldBe(0, run.Error);
            run.Out.ShouldContain("600 events");
            run.Out.ShouldContain($"mt_events_m{first}06");
            run.Out.ShouldContain("Nothing to see with these events");
            run.Out.ShouldContain("marten-eventing demo --keep");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task what_is_kept_can_be_reached_by_what_was_told()
    {
        await using var source = NpgsqlDataSource.Create(kept.Connection);

        (await source.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBeGreaterThan(3_800);
    }

    [Fact]
    public async Task ctrl_c_leaves_nothing_behind()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGINT to send.");
        using var process = Executable.Start("", "demo");
        var folder = Folder().Match((await process.StandardError.ReadLineAsync())!).Groups["folder"].Value;
        Directory.Exists(folder).ShouldBeTrue();

        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync();

        (await process.EndAsync()).ExitCode.ShouldBe(130);
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Theory]
    [InlineData("1999")]
    [InlineData("5000001")]
    public async Task too_few_or_too_many_events_are_refused(string events)
    {
        var run = await CommandRun.OfAsync("demo", "--events", events);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain($"--events is {events}. Allowed: 2,000 to 5,000,000.");
    }

    private static async Task<CommandRun> RunAsync(params string[] arguments) =>
        await CommandRun.OfAsync(arguments, await KeptDemo.OnGivenServerAsync());

    [GeneratedRegex(@"mt_events_m\d{6}")]
    private static partial Regex Month();

    [GeneratedRegex(@"its data in (?<folder>\S+?)/data\.")]
    private static partial Regex Folder();
}
