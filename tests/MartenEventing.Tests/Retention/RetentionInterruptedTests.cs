using MartenEventing.LocalPostgres;
using MartenEventing.PartitionArchive;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Retention;

/// <summary>
/// kill -9 of the whole server at each moment of each step of a run, all on one server; see <see cref="Effort"/>.
/// Before a step all is as after the one before, so that those moments are left to the full run.
/// </summary>
public sealed class RetentionInterruptedTests : IDisposable
{
    private readonly string _folders = Directory.CreateTempSubdirectory("retention").FullName;
    private string _folder = "";

    private const string Hash =
        """
        SELECT md5(string_agg(e.seq_id || e.stream_id::text || e.version, ',' ORDER BY e.seq_id)) FROM mt_events e
         WHERE stream_id IN (SELECT stream_id FROM mt_events
             WHERE timestamp >= date_trunc('month', now()) - interval '2 months')
        """;

    [Fact]
    public async Task whatever_moment_the_server_is_killed_at_no_stream_is_cut_and_the_next_run_completes()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("MARTEN_EVENTING_CONNECTION") is { Length: > 0 },
            "A server that was given is not killed.");
        await using var server = await PostgresServer.StartOwnAsync();
        var killedAt = new List<string>();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await new SchemaMigrator(source, new SchemaOptions { Layout = StoreLayout.Partitioned }).ApplyAsync();
        for (string? at = ""; at is not null;)
        {
            _folder = Path.Combine(_folders, $"{killedAt.Count}");
            await FillAsync(source);
            var living = await source.ScalarAsync<string>(Hash);
            var all = await source.ColumnAsync<long>("SELECT seq_id FROM mt_events");
            at = await RunAndKillAsync(server, source, killedAt);
            if (at is null)
                break;
            await server.RestartAsync();
            source.Clear();
            await ShouldBeWholeAsync(source, living, at);
            await ShouldBeSomewhereAsync(source, all, at);
            var report = await new StoreRetention(source, options: Options).ApplyAsync();
            report.Gates.ShouldBeEmpty(at);
            await ShouldBeWholeAsync(source, living, at);
            await ShouldBeSomewhereAsync(source, all, at);
            (await source.ScalarAsync<long>(
                "SELECT count(*) FROM mt_streams WHERE id NOT IN (SELECT stream_id FROM mt_events WHERE timestamp >= " +
                "$1)",
                Month(-3))).ShouldBe(0, at);
            (await source.ColumnAsync<string>(
                "SELECT relname::text FROM pg_class WHERE relname ~ '^mt_(retain|expired)_'"))
                .ShouldBeEmpty(at);
        }

        foreach (var step in (string[])
                 [
                     RetentionSteps.Begin, RetentionSteps.Choose, "write events", "write index", "write manifest.json",
                     RetentionSteps.Archive, RetentionSteps.Remove, RetentionSteps.Copy,
                     RetentionSteps.Swap, RetentionSteps.Drop, RetentionSteps.Merge, RetentionSteps.End,
                 ])
            killedAt.ShouldContain(at => at.StartsWith(step, StringComparison.Ordinal), step);
    }

    private RetentionOptions Options => RetentionStore.ThreeMonths with { ArchiveDirectory = _folder };

    public void Dispose() => Directory.Delete(_folders, recursive: true);

    /// <summary>Each event is in the store or in a sound archive.</summary>
    private async Task ShouldBeSomewhereAsync(NpgsqlDataSource source, List<long> all, string at)
    {
        var archives = new PartitionArchives(new ArchiveFolder(_folder));
        var found = (await source.ColumnAsync<long>("SELECT seq_id FROM mt_events")).ToHashSet();
        foreach (var entry in await archives.ListAsync())
            if (entry.Manifest is not null && (await archives.VerifyAsync(entry.Name)).IsSound)
                found.UnionWith(
                    await archives.QueryAsync(entry.Name, new ArchiveQuery()).Select(e => e.Sequence).ToListAsync());
        all.Except(found).ShouldBeEmpty(at);
    }

    /// <summary>Two months to go; streams that end in them, that go on, and that lie in the head alone.</summary>
    private static async Task FillAsync(NpgsqlDataSource source)
    {
        await source.ExecuteAsync("TRUNCATE mt_events, mt_streams CASCADE");
        if (!(await source.ColumnAsync<string>("SELECT name FROM mt_partitions()")).Contains(MonthName(-5)))
            await source.ExecuteAsync("SELECT mt_provision_history('month', $1)", Month(-5));
        for (var stream = 0; stream < 6; stream++)
        {
            var id = Guid.NewGuid();
            await source.AppendAsync(id, Month(stream == 5 ? -8 : -5 + (stream % 2)), 2);
            if (stream is 2 or 3)
                await source.AppendAsync(id, Month(0), 2);
            if (stream == 4)
                await source.AppendAsync(id, Month(-4), 2);
        }
    }

    private static async Task ShouldBeWholeAsync(NpgsqlDataSource source, string living, string at)
    {
        (await source.ScalarAsync<string>(Hash)).ShouldBe(living, at);
        (await source.ColumnAsync<Guid>(
            "SELECT stream_id FROM mt_events GROUP BY 1 HAVING count(*) <> max(version)")).ShouldBeEmpty(at);
        (await source.ScalarAsync<long>(
            """
            SELECT count(*) FROM (SELECT stream_id AS id, max(version) AS version FROM mt_events GROUP BY 1) e
              FULL JOIN (SELECT id, version FROM mt_streams) s USING (id, version) WHERE e IS NULL OR s IS NULL
            """)).ShouldBe(0, at);
    }

    /// <summary>Kills the server at the first moment that it was not killed at yet; null when there is none.</summary>
    private async Task<string?> RunAndKillAsync(LocalServer server, NpgsqlDataSource source, List<string> killedAt)
    {
        string? at = null;
        var retention = new StoreRetention(source, options: Options)
        {
            ArchiveStorage = new WatchedStorage(
                new ArchiveFolder(_folder),
                key => KillAsync($"write {Path.GetFileName(key).Split('-')[0]}", StepMoment.Before)),
            Observer = KillAsync,
        };
        try
        {
            await retention.ApplyAsync();
        }
        catch (Exception error) when (at is not null && error is NpgsqlException or IOException)
        {
            return at;
        }

        return at;

        async Task KillAsync(string step, StepMoment when)
        {
            var isShare = when != StepMoment.Before || step.StartsWith("write ", StringComparison.Ordinal);
            if (at is not null || killedAt.Contains($"{step} {when}") || !(isShare || Effort.IsFull))
                return;
            killedAt.Add(at = $"{step} {when}");
            await server.CrashAsync();
        }
    }
}
