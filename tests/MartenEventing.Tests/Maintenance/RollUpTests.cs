using MartenEventing.Load;
using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Partitioning;
using MartenEventing.Tests.Partitioning;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Maintenance;

/// <summary>Old months become quarters or years, in batches, while the store is in use.</summary>
public sealed class RollUpTests
{
    private static readonly PartitionOptions Options = new()
    {
        RollUpInto = PartitionPeriod.Quarter, RollUpAge = TimeSpan.Zero, LockBackOff = TimeSpan.FromMilliseconds(20),
        LockTimeout = TimeSpan.FromMilliseconds(100), LockAttempts = 100,
    };

    /// <summary>The first month of the quarter before the last one that is over.</summary>
    private static readonly DateTimeOffset First =
        PartitionCalendar.Add(PartitionCalendar.StartOf(DateTimeOffset.UtcNow.AddDays(-7), PartitionPeriod.Quarter),
            PartitionPeriod.Quarter, -2);

    private static string Quarter(int offset) =>
        PartitionCalendar.NameOf(
            PartitionCalendar.Add(First, PartitionPeriod.Quarter, offset), PartitionPeriod.Quarter);

    [Fact]
    public async Task months_become_quarters_under_load_and_are_sealed_again()
    {
        await using var store = await CreateAsync(events: 2_000);
        var hash = await HashAsync(store);
        var newest = await store.ScalarAsync<long>("SELECT max(seq_id) FROM mt_events");
        await using var load = await ApplicationLoad.StartAsync(store.DataSource);

        var report = await Pass(store).RunAsync();

        report.Steps.Where(s => s.Outcome != StepOutcome.Done).Select(s => $"{s.Step.Description} {s.Error}")
            .ShouldBeEmpty();
        report.RolledUp.ShouldBe([Quarter(0), Quarter(1)]);
        new[] { Quarter(0), Quarter(1) }.ShouldBeSubsetOf(report.Sealed);
        await load.ProgressAsync();
        (await load.StopAsync()).ShouldBeEmpty();
        (await HashAsync(store, newest)).ShouldBe(hash);
        var parts = await new PartitionCatalog(store.DataSource, "public").ListAsync();
        parts.Zip(parts.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From);
        parts.Select(p => p.Name).Where(name => name.Contains("_q", StringComparison.Ordinal)).ShouldBe(
            [Quarter(0), Quarter(1)]);
        (await store.ColumnAsync<string>(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = $1::regclass AND indisvalid ORDER BY 1",
            Quarter(0)))
            .ShouldBe([Quarter(0) + "_pkey", Quarter(0) + "_stream_id_version_idx", Quarter(0) + "_timestamp_idx"]);
        (await Pass(store).PlanAsync()).Steps.ShouldNotContain(step => step.Kind == PartitionStepKind.RollUp);
    }

    [Fact]
    public async Task wherever_it_breaks_off_every_event_is_in_its_place_and_the_next_passes_complete_it()
    {
        await using var store = await CreateAsync(events: 2_000);
        var hash = await HashAsync(store);
        for (var moment = 0; await BreaksOffAsync(store, moment); moment += 7)
        {
            (await HashAsync(store)).ShouldBe(hash);
        }

        (await Pass(store).RunAsync()).IsIncomplete.ShouldBeFalse();
        (await HashAsync(store)).ShouldBe(hash);
        (await store.LayoutAsync()).ShouldContain(Quarter(0) + " sealed");
        (await store.LayoutAsync()).ShouldContain(Quarter(1) + " sealed");
        (await store.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE '%_roll_up'")).ShouldBe(0);
    }

    [Fact]
    public async Task too_many_become_years_and_stay_so_whoever_holds_what()
    {
        await using var store = await CreateAsync(events: 600, months: 26);
        var hash = await HashAsync(store);
        await store.ExecuteAsync("SELECT mt_place_hold('stream', stream_id::text, 'case 7') FROM mt_events LIMIT 1");
        var few = new PartitionOptions { SealGrace = TimeSpan.Zero, PartitionsAtMost = 20 };

        var report = await Pass(store, few).RunAsync();

        report.RolledUp.ShouldNotBeEmpty();
        report.RolledUp.ShouldAllBe(name => name.StartsWith("mt_events_y", StringComparison.Ordinal));
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_partitions()")).ShouldBeLessThanOrEqualTo(20);
        (await HashAsync(store)).ShouldBe(hash);
        (await Pass(store, few).PlanAsync()).Steps.ShouldBeEmpty();
    }

    /// <summary>Months of history up to the present, sealed.</summary>
    private static async Task<StoreDatabase> CreateAsync(int events, int? months = null)
    {
        var store = await StoreDatabase.CreateAsync();
        var first = months is { } past ? PartitionCalendar.Add(Month(0), PartitionPeriod.Month, -past) : First;
        await store.ExecuteAsync("SELECT mt_provision_history('month', $1::timestamptz)", first);
        var span = Month(0) - first;
        await store.FillAsync(first, span / events, events);
        (await Pass(store, new PartitionOptions { SealGrace = TimeSpan.Zero }).RunAsync()).IsIncomplete.ShouldBeFalse();
        return store;
    }

    private static MaintenancePass Pass(StoreDatabase store, PartitionOptions? options = null) =>
        new(store.DataSource, "public", options ?? Options);

    private static Task<string> HashAsync(StoreDatabase store, long newest = long.MaxValue) =>
        store.ScalarAsync<string>(
        "SELECT md5(string_agg(e::text, ',' ORDER BY e.seq_id)) FROM mt_events e WHERE seq_id <= $1", newest);

    /// <summary>False when the pass has fewer moments and went through.</summary>
    private static async Task<bool> BreaksOffAsync(StoreDatabase store, int moment)
    {
        var seen = 0;
        var pass = new MaintenancePass(store.DataSource, "public", Options)
        {
            Observer = (step, _) => step.StartsWith("RollUp ", StringComparison.Ordinal) && seen++ == moment
                ? throw new OperationCanceledException() : Task.CompletedTask,
        };
        try
        {
            await pass.RollUpAsync();
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
