using MartenEventing.Conversion;
using MartenEventing.LocalPostgres;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using Npgsql;

namespace MartenEventing.Tests.Conversion;

/// <summary>
/// kill -9 of the whole server at each moment of each step, all on one store; see <see cref="Effort"/>. Before a step
/// all is as after the one before, so that those moments are left to the full run.
/// </summary>
public sealed class ServerCrashTests
{
    [Fact]
    public async Task whatever_moment_the_server_is_killed_at_nothing_is_lost_and_the_next_call_completes()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("MARTEN_EVENTING_CONNECTION") is { Length: > 0 },
            "A server that was given is not killed.");
        await using var server = await PostgresServer.StartOwnAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        var hash = await SetUpAsync(source);
        var killedAt = new List<string>();
        foreach (var (begins, call) in (IEnumerable<(StoreLayout, Func<StoreConversion, Task>)>)
        [
            (StoreLayout.Plain, c => c.StartAsync()), (StoreLayout.Partitioned, c => c.SplitAsync()),
            (StoreLayout.Partitioned, c => c.CompleteAsync()), (StoreLayout.Partitioned, c => c.RevertAsync()),
        ])
        {
            for (string? at = ""; at is not null;)
            {
                var conversion = new StoreConversion(source, options: PlainStore.Options);
                await (begins == StoreLayout.Plain ? conversion.RevertAsync() : conversion.StartAsync());
                at = await RunAndKillAsync(server, source, call, killedAt, isWorthwhile: IsOfShare);
                if (at is null)
                    continue;
                await server.RestartAsync();
                source.Clear();
                (await HashAsync(source)).ShouldBe(hash);
                await call(conversion);
                (await HashAsync(source)).ShouldBe(hash);
            }
        }

        foreach (var step in (string[])["index on the key", "guard", "swap", "split", "complete", "merge", "swap back"])
            killedAt.ShouldContain(at => at.StartsWith(step, StringComparison.Ordinal), step);
    }

    [Fact]
    public async Task whatever_moment_of_a_copy_the_server_is_killed_at_nothing_is_lost_and_the_next_call_completes()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable("MARTEN_EVENTING_CONNECTION") is { Length: > 0 },
            "A server that was given is not killed.");
        await using var server = await PostgresServer.StartOwnAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        var hash = await SetUpAsync(source);
        var killedAt = new List<string>();
        foreach (var (begins, call) in (IEnumerable<(StoreLayout, Func<StoreConversion, Task>)>)
        [
            (StoreLayout.Plain, c => c.StartAsync()), (StoreLayout.Partitioned, c => c.RollbackAsync()),
            (StoreLayout.Partitioned, c => c.CompleteAsync()),
        ])
        {
            for (string? at = ""; at is not null;)
            {
                var conversion = new StoreConversion(source, options: Small);
                await conversion.RevertAsync();
                if (begins == StoreLayout.Partitioned)
                    await conversion.StartAsync();
                at = await RunAndKillAsync(server, source, call, killedAt, Small, IsWorthwhile);
                if (at is null)
                    continue;
                await server.RestartAsync();
                source.Clear();
                (await HashAsync(source)).ShouldBe(hash);
                await call(conversion);
                (await HashAsync(source)).ShouldBe(hash);
            }
        }

        foreach (var step in (string[])
            ["copy", "dual write", "backfill", "verify", "switch", "switch back", ShadowSteps.LeavePlain])
            killedAt.ShouldContain(step + " Committed");
    }

    private static readonly ConversionOptions Small =
        PlainStore.Shadow with { Period = PartitionPeriod.Year, PeriodsAhead = 0 };

    /// <summary>Uncommitted, most steps are as before they began.</summary>
    private static bool IsOfShare(string step, StepMoment when) =>
        Effort.IsFull || when == StepMoment.Committed || step.StartsWith("swap", StringComparison.Ordinal);

    /// <summary>Uncommitted, the switches alone are more than a few rows.</summary>
    private static bool IsWorthwhile(string step, StepMoment when) =>
        when == StepMoment.Committed
        || (when == StepMoment.Uncommitted && step is ShadowSteps.Switch or ShadowSteps.SwitchBack);

    private static Task<string> HashAsync(NpgsqlDataSource source) => source.ScalarAsync<string>(
        "SELECT md5(string_agg(e::text, ',' ORDER BY e.seq_id)) FROM mt_events e");

    private static async Task<string> SetUpAsync(NpgsqlDataSource source)
    {
        await new SchemaMigrator(source, new SchemaOptions { Layout = StoreLayout.Plain }).ApplyAsync();
        for (var month = -3; month <= 0; month++)
            await source.AppendAsync(Guid.NewGuid(), SampleEvents.Month(month), 20);
        return await HashAsync(source);
    }

    /// <summary>
    /// Kills the server at the first moment of the call that it was not killed at yet; null when there is none.
    /// </summary>
    private static async Task<string?> RunAndKillAsync(
        LocalServer server,
        NpgsqlDataSource source,
        Func<StoreConversion, Task> call,
        List<string> killedAt,
        ConversionOptions? options = null,
        Func<string, StepMoment, bool>? isWorthwhile = null)
    {
        string? at = null;
        var conversion = new StoreConversion(source, options: options ?? PlainStore.Options)
        {
            Observer = async (step, when) =>
            {
                if (at is not null || killedAt.Contains($"{step} {when}") || isWorthwhile?.Invoke(step, when) == false
                    || (when == StepMoment.Before && !Effort.IsFull))
                    return;
                killedAt.Add(at = $"{step} {when}");
                await server.CrashAsync();
            },
        };
        try
        {
            await call(conversion);
        }
        catch (Exception error) when (at is not null && error is NpgsqlException or IOException)
        {
            return at;
        }

        return at;
    }
}
