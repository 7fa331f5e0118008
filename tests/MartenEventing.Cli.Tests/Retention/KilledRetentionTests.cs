using System.Diagnostics;
using MartenEventing.Cli.Tests.Convert;
using MartenEventing.PartitionArchive;
using MartenEventing.Retention;
using MartenEventing.TestSupport;
using MartenEventing.TestSupport.Partitioning;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Cli.Tests.Retention;

/// <summary>
/// kill -9 of the real tool, just after it has sent a statement and before it hears what came of it: at a few that were
/// chosen or, with MARTEN_EVENTING_FULL, at every one.
/// </summary>
public sealed class KilledRetentionTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("retention").FullName;

    [Fact]
    public async Task wherever_apply_is_killed_the_next_call_completes_and_each_event_is_in_the_store_or_an_archive()
    {
        await using var store = await StoreDatabase.CreateAsync();
        string[] moments =
        [
            "mt_stream_bounds", "INTO \"public\".mt_partition_archives", "mt_retention_run SET archive",
            "mt_remove_streams(",
            "COMMIT of mt_swap_retained(",
        ];
        await foreach (var moment in MomentsAsync(moments))
        {
            await FillAsync(store);
            var all = await store.ColumnAsync<long>("SELECT seq_id FROM mt_events");
            moment.IsLast = !await RunAndKillAsync(
                store, moment, "retention", "apply", "--older-than", "3mo", "--archive", _folder, "--yes");
            await ShouldBeSomewhereAsync(store, all, moment);

            await WhenFreeAsync(store);

            (await store.ColumnAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe([2], $"{moment}");
            await ShouldBeSomewhereAsync(store, all, moment);
            (await store.ScalarAsync<long>(
                "SELECT count(*) FROM (SELECT FROM mt_events GROUP BY stream_id HAVING count(*) <> max(version)) e"))
                .ShouldBe(0, $"{moment}");
        }
    }

    [Fact]
    public async Task wherever_restore_is_killed_all_or_nothing_has_come_back_and_the_next_call_completes()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await FillAsync(store);
        await store.ExecuteAsync("DELETE FROM mt_events WHERE timestamp < $1", Month(-5));
        var all = await store.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY 1");
        await new PartitionArchiveWriter(store.DataSource, "public", new ArchiveFolder(_folder)).CreateAsync(
            new ArchiveSelection { Partition = MonthName(-5) });
        string[] moments = ["mt_stage_restore(", "FROM STDIN", "mt_bring_back(", "COMMIT of mt_bring_back("];
        await foreach (var moment in MomentsAsync(moments))
        {
            await store.ScalarAsync<long>("SELECT count(*) FROM drop_old_partitions(3)");
            var left = await store.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY 1");
            moment.IsLast = !await RunAndKillAsync(
                store, moment, "archive", "restore", _folder, MonthName(-5), "--yes");
            var found = await store.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY 1");
            (found.SequenceEqual(left) || found.SequenceEqual(all)).ShouldBeTrue($"{moment}");

            await RestoreAsync(store);

            (await store.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY 1")).ShouldBe(all, $"{moment}");
            (await store.ColumnAsync<string>("SELECT relname::text FROM pg_class WHERE relname LIKE 'mt\\_restoring%'"))
                .ShouldBeEmpty($"{moment}");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed record KillMoment(string? Text, int Number)
    {
        public bool IsLast { get; set; }

        public override string ToString() => Text ?? $"statement {Number}";
    }

    private static async IAsyncEnumerable<KillMoment> MomentsAsync(string[] chosen)
    {
        for (var number = 1; Effort.IsFull || number <= chosen.Length; number++)
        {
            var moment = new KillMoment(Effort.IsFull ? null : chosen[number - 1], number);
            yield return moment;
            if (Effort.IsFull && moment.IsLast)
                yield break;
            moment.IsLast.ShouldBeFalse($"{moment} was not come by");
        }

        await Task.CompletedTask;
    }

    /// <summary>False when the tool came to its end.</summary>
    private async Task<bool> RunAndKillAsync(StoreDatabase store, KillMoment moment, params string[] arguments)
    {
        var started = new TaskCompletionSource<Process>();
        var seen = 0;
        var (last, at) = ("", "");
        await using var proxy = new ListeningProxy(store.ConnectionString, text =>
        {
            seen++;
            if (at.Length > 0 || !IsIt(moment, text, seen, last))
            {
                last = text.Contains("COMMIT", StringComparison.Ordinal) ? last : text;
                return;
            }

            at = text;
            started.Task.Result.Kill();
        });
        using var process = Executable.Start(proxy.ConnectionString, arguments);
        started.SetResult(process);
        var run = await process.EndAsync();
        output.WriteLine($"{arguments[1]}, {moment}: {(at.Length > 0 ? "killed" : "went through")}");
        run.ExitCode.ShouldBe(at.Length == 0 ? ExitCode.Done : 128 + 9, run.Error);
        return at.Length > 0;
    }

    private static bool IsIt(KillMoment moment, string text, int seen, string last) =>
        moment.Text is null ? seen == moment.Number
        : moment.Text.StartsWith("COMMIT of ", StringComparison.Ordinal)
            ? text.Contains("COMMIT", StringComparison.Ordinal)
                && last.Contains(moment.Text[10..], StringComparison.Ordinal)
        : text.Contains(moment.Text, StringComparison.Ordinal);

    /// <summary>
    /// A month to go, with a stream that ends in it and one that goes on; one that has ended in the head.
    /// </summary>
    private static async Task FillAsync(StoreDatabase store)
    {
        await store.ExecuteAsync("TRUNCATE mt_events, mt_streams CASCADE");
        await store.ColumnAsync<string>("SELECT mt_provision_history('month', $1)", Month(-5));
        var goesOn = Guid.NewGuid();
        await store.AppendAsync(Month(-5).AddDays(1), 3);
        await store.AppendAsync(Month(-8), 2);
        await store.DataSource.AppendAsync(goesOn, Month(-5).AddDays(2), 2);
        await store.DataSource.AppendAsync(goesOn, Month(0), 1);
        await store.AppendAsync(Month(0), 1);
    }

    private async Task ShouldBeSomewhereAsync(StoreDatabase store, List<long> all, KillMoment moment)
    {
        var archives = new PartitionArchives(new ArchiveFolder(_folder));
        var found = (await store.ColumnAsync<long>("SELECT seq_id FROM mt_events")).ToHashSet();
        foreach (var entry in await archives.ListAsync())
            if (entry.Manifest is not null && (await archives.VerifyAsync(entry.Name)).IsSound)
                await foreach (var archived in archives.QueryAsync(entry.Name, new ArchiveQuery()))
                    found.Add(archived.Sequence);
        all.Except(found).ShouldBeEmpty($"{moment}");
    }

    /// <summary>Runs once the server has noticed that the tool is dead.</summary>
    private async Task WhenFreeAsync(StoreDatabase store)
    {
        var options = new RetentionOptions
        {
            OlderThan = RetentionAge.Parse("3mo"), ArchiveDirectory = _folder, BatchShare = 1,
            LockBackOff = TimeSpan.FromMilliseconds(5),
        };
        await Until.TrueAsync(
            async () => !(await new StoreRetention(store.DataSource, options: options).ApplyAsync()).Skipped);
    }

    private async Task RestoreAsync(StoreDatabase store)
    {
        var restorer = new PartitionArchiveRestorer(store.DataSource, "public", new ArchiveFolder(_folder));
        await Until.TrueAsync(async () =>
        {
            try
            {
                await restorer.RestoreAsync(MonthName(-5));
                return true;
            }
            catch (ArchiveConflictException)
            {
                return false; // the server has not noticed yet that the tool is dead
            }
        });
    }
}
