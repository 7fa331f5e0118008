using MartenEventing.Maintenance;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.Tests.Conversion;
using MartenEventing.Tests.Partitioning;
using MartenEventing.Tests.Postgres;
using static MartenEventing.Tests.Partitioning.SampleEvents;

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
        PartitionCalendar.Add(PartitionCalendar.StartOf(DateTimeOffset.UtcNow.AddDays(-7), PartitionPeriod.Quarter), PartitionPeriod.Quarter, -2);

    private static string Quarter(int offset) =>
        PartitionCalendar.NameOf(PartitionCalendar.Add(First, PartitionPeriod.Quarter, offset), PartitionPeriod.Quarter);

    [Fact]
    public async Task sealed_months_become_quarters_under_load_and_are_sealed_again()
    {
        await using var store = await CreateAsync(events: 2_000);
        var hash = await HashAsync(store);
        await using var load = await LiveLoad.StartAsync(new PlainStore(store), writers: 2);

        var report = await Pass(store).RunAsync();

        report.IsIncomplete.ShouldBeFalse();
        report.RolledUp.ShouldBe([Quarter(0), Quarter(1)]);
        report.Sealed.ShouldBe([Quarter(0), Quarter(1)]);
        await load.ProgressAsync();
        await load.StopAsync();
        (await HashAsync(store)).ShouldBe(hash);
        var parts = await new PartitionCatalog(store.DataSource, "public").ListAsync();
        parts.Zip(parts.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From);
        parts.Select(p => p.Name).Where(name => name.Contains("_q", StringComparison.Ordinal)).ShouldBe([Quarter(0), Quarter(1)]);
        (await store.ColumnAsync<string>(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = $1::regclass AND indisvalid ORDER BY 1", Quarter(0)))
            .ShouldBe([Quarter(0) + "_pkey", Quarter(0) + "_stream_id_version_idx", Quarter(0) + "_timestamp_idx"]);
        (await Pass(store).PlanAsync()).Steps.ShouldNotContain(step => step.Kind == PartitionStepKind.RollUp);
    }

    [Fact]
    public async Task wherever_it_breaks_off_every_event_is_in_its_place_and_the_next_passes_complete_it()
    {
        await using var store = await CreateAsync(events: 2_000);
        var hash = await HashAsync(store);
        for (var moment = 0; await BreaksOffAsync(store, moment); moment += 5)
        {
            (await HashAsync(store)).ShouldBe(hash);
            await store.DataSource.AppendAsync(Guid.NewGuid(), First.AddDays(40));
            await store.ExecuteAsync("DELETE FROM mt_events WHERE timestamp = $1", First.AddDays(40));
            await Pass(store, new PartitionOptions()).RunAsync();
        }

        for (var pass = 0; pass < 2; pass++)
            (await Pass(store).RunAsync()).IsIncomplete.ShouldBeFalse();
        (await HashAsync(store)).ShouldBe(hash);
        (await store.LayoutAsync()).ShouldContain(Quarter(0) + " sealed");
        (await store.LayoutAsync()).ShouldContain(Quarter(1) + " sealed");
        (await store.ScalarAsync<long>("SELECT count(*) FROM pg_class WHERE relname LIKE '%_roll_up'")).ShouldBe(0);
    }

    /// <summary>Eight months of history up to the present, sealed.</summary>
    private static async Task<StoreDatabase> CreateAsync(int events)
    {
        var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("SELECT mt_provision_history('month', $1::timestamptz)", First);
        var span = Month(0) - First;
        await store.FillAsync(First, span / events, events);
        (await Pass(store, new PartitionOptions { SealGrace = TimeSpan.Zero }).RunAsync()).IsIncomplete.ShouldBeFalse();
        return store;
    }

    private static MaintenancePass Pass(StoreDatabase store, PartitionOptions? options = null) =>
        new(store.DataSource, "public", options ?? Options);

    private static Task<string> HashAsync(StoreDatabase store) => store.ScalarAsync<string>(
        "SELECT md5(string_agg(e::text, ',' ORDER BY e.seq_id)) FROM mt_events e WHERE timestamp < $1", Month(0));

    /// <summary>False when the pass has fewer moments and went through.</summary>
    private static async Task<bool> BreaksOffAsync(StoreDatabase store, int moment)
    {
        var seen = 0;
        var pass = new MaintenancePass(store.DataSource, "public", Options)
        {
            Observer = (step, _, _) => step.Kind == PartitionStepKind.RollUp && seen++ == moment
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
