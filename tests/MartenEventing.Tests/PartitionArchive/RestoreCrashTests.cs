using MartenEventing.LocalPostgres;
using MartenEventing.PartitionArchive;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.PartitionArchive;

/// <summary>kill -9 of the whole server at each moment of a restore, all on one store.</summary>
public sealed class RestoreCrashTests
{
    [Fact]
    public async Task whatever_moment_the_server_is_killed_at_the_next_call_completes_and_nothing_is_doubled_or_lost()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("MARTEN_EVENTING_CONNECTION") is { Length: > 0 },
            "A server that was given is not killed.");
        await using var server = await PostgresServer.StartOwnAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        var folder = new ArchiveFolder(Directory.CreateTempSubdirectory("partition-archive-").FullName);
        var name = await SetUpAsync(source, folder);
        var killedAt = new List<string>();
        for (var moment = 0; ; moment++)
        {
            if (await RestoreAndKillAsync(server, source, folder, name, moment) is not { } at)
                break;
            killedAt.Add(at);
            await server.RestartAsync();
            source.Clear();
            (await source.ScalarAsync<long>("SELECT count(*) FROM mt_events"))
                .ShouldBe(at == "bring back Committed" ? 61 : 1, at);

            await new PartitionArchiveRestorer(source, "public", folder).RestoreAsync(name);

            (await source.ScalarAsync<long>("SELECT count(DISTINCT (stream_id, version)) FROM mt_events")).ShouldBe(
                61, at);
            (await source.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE 'mt_restoring%'"))
                .ShouldBe(0, at);
            (await source.ColumnAsync<string>("SELECT drop_old_partitions(1)")).ShouldNotBeEmpty();
        }

        killedAt.ShouldBe(
            ["stage Committed", "load Committed", "load Committed", "provide Uncommitted", "provide Committed",
                "bring back Uncommitted", "bring back Committed"]);
        Directory.Delete(folder.Location, recursive: true);
    }

    private static async Task<string> SetUpAsync(NpgsqlDataSource source, ArchiveFolder folder)
    {
        await new SchemaMigrator(source, new SchemaOptions()).ApplyAsync();
        await source.ExecuteAsync("SELECT mt_provision_history('month', $1)", Month(-3));
        for (var stream = 0; stream < 20; stream++)
            await source.AppendAsync(Guid.NewGuid(), Month(-3).AddHours(stream), 3);
        await source.AppendAsync(Guid.NewGuid(), Month(0));
        var manifest = await new PartitionArchiveWriter(source, "public", folder).CreateAsync(
            new ArchiveSelection { Partition = MonthName(-3) });
        (await source.ColumnAsync<string>("SELECT drop_old_partitions(1)")).ShouldContain(MonthName(-3));
        return manifest.Name;
    }

    /// <summary>
    /// Kills the server at a moment of the restore, counted through; null when there were not so many.
    /// </summary>
    private static async Task<string?> RestoreAndKillAsync(
        LocalServer server, NpgsqlDataSource source, ArchiveFolder folder, string name, int moment)
    {
        string? at = null;
        var seen = 0;
        var restorer = new PartitionArchiveRestorer(source, "public", folder)
        {
            Observer = async (step, when) =>
            {
                if (when == StepMoment.Before || seen++ != moment)
                    return;
                at = $"{step} {when}";
                await server.CrashAsync();
            },
        };
        try
        {
            await restorer.RestoreAsync(name);
        }
        catch (Exception error) when (at is not null && error is NpgsqlException or IOException)
        {
            return at;
        }

        return at;
    }
}
