using MartenEventing.LocalPostgres;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Maintenance;

/// <summary>kill -9 of the whole server at each moment of each statement of a pass, all on one store.</summary>
public sealed class MaintenanceCrashTests
{
    private static readonly PartitionOptions Options = new() { LockBackOff = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task whatever_moment_the_server_is_killed_at_nothing_is_lost_and_the_next_pass_completes()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("MARTEN_EVENTING_CONNECTION") is { Length: > 0 },
            "A server that was given is not killed.");
        await using var server = await PostgresServer.StartOwnAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await new SchemaMigrator(source, new SchemaOptions()).ApplyAsync();
        var now = Month(0);
        var events = 0;
        var killedAt = new List<string>();
        for (var moment = 0; ; moment++)
        {
            now = now.AddMonths(6);
            events += await WriteAsync(source, now);
            if (await RunAndKillAsync(server, source, now, moment) is not { } at)
                break;
            killedAt.Add(at);
            await server.RestartAsync();
            source.Clear();

            var next = await new MaintenancePass(source, "public", Options, new TestClock(now)).RunAsync();
            next.IsIncomplete.ShouldBeFalse();
            await CheckAsync(source, events, now);
        }

        foreach (var kind in (string[])["Provision", "Seal 1", "Seal 2", "Seal 3", "Analyze"])
            killedAt.ShouldContain(at => at.StartsWith(kind, StringComparison.Ordinal), kind);
    }

    /// <summary>Events in the tail, in months that will be sealed, and a late one for a sealed month.</summary>
    private static async Task<int> WriteAsync(NpgsqlDataSource source, DateTimeOffset now)
    {
        await source.AppendAsync(Guid.NewGuid(), now, 3);
        await source.AppendAsync(Guid.NewGuid(), now.AddMonths(-1), 3);
        await source.AppendAsync(Guid.NewGuid(), now.AddMonths(-5), 3);
        await source.AppendAsync(Guid.NewGuid(), Month(0), 3);
        return 12;
    }

    /// <summary>Kills the server at a moment of the pass, counted through; null when there were not so many.</summary>
    private static async Task<string?> RunAndKillAsync(
        LocalServer server, NpgsqlDataSource source, DateTimeOffset now, int moment)
    {
        string? at = null;
        var seen = new HashSet<string>();
        var pass = new MaintenancePass(source, "public", Options, new TestClock(now))
        {
            Observer = async (step, when) =>
            {
                // Each kind of statement once a pass is enough: sealing is the same for every month, where it may lack
                // the statements that it begins with.
                var (kind, number, of) = step.Split(' ') is [var k, var n, "of", var m, ..] ? (k, n, m) : default;
                var name = $"{kind} {int.Parse(number) + 3 - int.Parse(of)} {when}";
                if (!seen.Add(name) || seen.Count <= moment || at is not null)
                    return;
                at = name;
                await server.CrashAsync();
            },
        };
        try
        {
            await pass.RunAsync();
        }
        catch (Exception error) when (at is not null && error is NpgsqlException or IOException)
        {
            return at;
        }

        return at;
    }

    private static async Task CheckAsync(NpgsqlDataSource source, int events, DateTimeOffset now)
    {
        (await source.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(events);
        (await source.ScalarAsync<long>("SELECT count(DISTINCT (stream_id, version)) FROM mt_events")).ShouldBe(events);
        var partitions = await new PartitionCatalog(source, "public").ListAsync();
        partitions.Zip(partitions.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From);
        partitions[^1].From.ShouldBe(now.AddMonths(4));
        partitions.Where(p => p.To <= now.AddDays(-7)).ShouldAllBe(p => p.IsSealed);
        (await source.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE '%_claim'"))
            .ShouldBe(partitions.Count(p => p.IsSealed));
    }
}
