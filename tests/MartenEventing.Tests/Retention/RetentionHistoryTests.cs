using MartenEventing.PartitionArchive;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Retention;

/// <summary>
/// Years of operation by chance, see <see cref="Effort"/>: a run every month, after each the store is what a model
/// says.
/// </summary>
public sealed class RetentionHistoryTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("history").FullName;

    private sealed class Interrupted : Exception;

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task after_any_history_each_stream_is_complete_or_absent(EventTenancy tenancy)
    {
        var seed = Effort.Seed;
        var months = Effort.Of(share: 12, full: 120);
        output.WriteLine($"MARTEN_EVENTING_SEED={seed}");
        var random = new Random(seed);
        await using var store = await StoreDatabase.CreateAsync(tenancy: tenancy);
        var model = new RetentionModel(store, random, tenancy);
        var leaves = new List<int>();
        for (var month = 0; month < months; month++)
        {
            var now = SampleEvents.Month(month).AddDays(random.Next(8, 27));
            await store.ExecuteAsync("SELECT mt_provision_partitions('month', 3, $1)", now);
            await model.LiveAsync(now);
            await ApplyAsync(store, model.Options with { ArchiveDirectory = _folder }, new TestClock(now), random);
            model.Expire(now);
            (await model.StoredAsync()).ShouldBe(model.Expected(), $"seed {seed}, month {month}, {tenancy}");
            await store.ShouldBeTidyAsync();
            leaves.Add((await store.LayoutAsync()).Count);
        }

        output.WriteLine($"{model.Born} streams, {model.Removed} removed, leaves {string.Join(' ', leaves)}");
        leaves.Skip(9).Distinct().Count().ShouldBe(1);
        model.Removed.ShouldBeGreaterThan(0);
        model.RemovedEvents.Except(await ArchivedAsync()).ShouldBeEmpty($"seed {seed}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What the archives hold that are sound.</summary>
    private async Task<HashSet<string>> ArchivedAsync()
    {
        var archives = new PartitionArchives(new ArchiveFolder(_folder));
        var events = new HashSet<string>();
        foreach (var entry in await archives.ListAsync())
        {
            if (entry.Manifest is null || !(await archives.VerifyAsync(entry.Name)).IsSound)
                continue;
            await foreach (var archived in archives.QueryAsync(entry.Name, new ArchiveQuery()))
                events.Add($"{archived.Tenant} {archived.Stream} {archived.Version}");
        }

        return events;
    }

    /// <summary>Now and then a run breaks off and is taken up again.</summary>
    private static async Task ApplyAsync(
        StoreDatabase store, RetentionOptions options, TestClock clock, Random random)
    {
        var moments = random.Next(2) == 0 ? random.Next(1, 45) : int.MaxValue;
        try
        {
            await store.Retention(options, time: clock, observer: (_, moment) =>
                --moments > 0 || moment == StepMoment.Uncommitted
                    ? Task.CompletedTask
                    : throw new Interrupted()).ApplyAsync();
        }
        catch (Interrupted)
        {
            await store.Retention(options, time: clock).ApplyAsync();
        }
    }
}
