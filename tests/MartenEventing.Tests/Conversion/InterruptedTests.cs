using MartenEventing.Conversion;
using MartenEventing.Schema;
using MartenEventing.TestSupport;

namespace MartenEventing.Tests.Conversion;

/// <summary>A conversion that breaks off at each moment of each of its steps.</summary>
public sealed class InterruptedTests
{
    /// <summary>The tests of a share take turns at the moments.</summary>
    private static readonly int Stride = Effort.Of(share: 4, full: 1);

    private sealed class BreakOff : Exception;

    [Fact]
    public async Task wherever_a_start_breaks_off_the_next_call_completes_it()
    {
        await using var store = await PlainStore.CreateAsync(500);
        var (hash, catalogs) = (await store.HashAsync(), await store.CatalogsAsync());
        var moments = new List<string>();
        for (var moment = Stride > 1 ? 1
            : 0; await BreaksOffAsync(store, moment, c => c.StartAsync(), moments); moment += Stride)
        {
            (await store.HashAsync()).ShouldBe(hash);
            (await store.Conversion().StartAsync()).State.ShouldBe(ConversionState.Attached);
            (await store.HashAsync()).ShouldBe(hash);
            (await store.Conversion().RollbackAsync()).Layout.ShouldBe(StoreLayout.Plain);
            ShouldBeSame(await store.CatalogsAsync(), catalogs);
        }

        moments.ShouldContain("swap Uncommitted");
    }

    [Fact]
    public async Task wherever_a_start_breaks_off_it_can_be_taken_back()
    {
        await using var store = await PlainStore.CreateAsync(500);
        var (hash, catalogs) = (await store.HashAsync(), await store.CatalogsAsync());
        for (var moment = 0; await BreaksOffAsync(store, moment, c => c.StartAsync(), []); moment += Stride)
        {
            (await store.Conversion().RollbackAsync()).Layout.ShouldBe(StoreLayout.Plain);
            (await store.HashAsync()).ShouldBe(hash);
            ShouldBeSame(await store.CatalogsAsync(), catalogs);
        }
    }

    [Fact]
    public async Task wherever_split_complete_and_the_way_back_break_off_the_next_call_completes_them()
    {
        await using var store = await PlainStore.CreateAsync(500);
        var (hash, catalogs) = (await store.HashAsync(), await store.CatalogsAsync());
        foreach (var call in (Func<StoreConversion, Task>[])
            [c => c.SplitAsync(), c => c.CompleteAsync(), c => c.RevertAsync()])
        {
            for (var moment = 0; ; moment += Stride)
            {
                await store.Conversion().StartAsync();
                if (!await BreaksOffAsync(store, moment, call, []))
                    break;
                (await store.HashAsync()).ShouldBe(hash);
                await call(store.Conversion());
                (await store.HashAsync()).ShouldBe(hash);
                (await store.Conversion().RevertAsync()).State.ShouldBe(ConversionState.Returned);
                ShouldBeSame(await store.CatalogsAsync(), catalogs);
            }

            await store.Conversion().RevertAsync();
        }
    }

    [Fact]
    public async Task wherever_a_copy_breaks_off_it_can_be_gone_on_with_or_taken_back()
    {
        await using var store = await PlainStore.CreateAsync(500);
        var (hash, catalogs) = (await store.HashAsync(), await store.CatalogsAsync());
        var moments = new List<string>();
        for (var moment = 0; await BreaksOffAsync(store, moment, c => c.StartAsync(), moments, Small); moment++)
        {
            (await store.HashAsync()).ShouldBe(hash);
            if (moment % 2 == 0)
                (await store.Conversion(Small).StartAsync()).State.ShouldBe(ConversionState.Switched);
            (await store.Conversion().RollbackAsync()).State.ShouldBe(ConversionState.Returned);
            (await store.HashAsync()).ShouldBe(hash);
            ShouldBeSame(await store.CatalogsAsync(), catalogs);
        }

        foreach (var step in (string[])["copy", "dual write", "backfill", "verify", "switch"])
            moments.ShouldContain(step + " Committed");
    }

    [Fact]
    public async Task wherever_the_end_of_a_copy_breaks_off_the_next_call_completes_it()
    {
        await using var store = await PlainStore.CreateAsync(500);
        var (hash, catalogs) = (await store.HashAsync(), await store.CatalogsAsync());
        foreach (var call in (Func<StoreConversion, Task>[])[c => c.RollbackAsync(), c => c.CompleteAsync()])
        {
            for (var moment = 0; ; moment += Stride)
            {
                await store.Conversion(Small).StartAsync();
                if (!await BreaksOffAsync(store, moment, call, []))
                    break;
                (await store.HashAsync()).ShouldBe(hash);
                if (moment % 2 == 0)
                    await call(store.Conversion());
                (await store.Conversion().RevertAsync()).State.ShouldBe(ConversionState.Returned);
                (await store.HashAsync()).ShouldBe(hash);
                ShouldBeSame(await store.CatalogsAsync(), catalogs);
            }

            await store.Conversion().RevertAsync();
        }
    }

    private static readonly ConversionOptions Small =
        PlainStore.Shadow with { Period = PartitionPeriod.Year, PeriodsAhead = 0 };

    /// <summary>False when the call has fewer moments and went through.</summary>
    private static async Task<bool> BreaksOffAsync(
        PlainStore store, int moment, Func<StoreConversion, Task> call, List<string> moments,
        ConversionOptions? options = null)
    {
        var seen = new HashSet<string>();
        var conversion = store.Conversion(options, observer: (step, when) =>
        {
            if (seen.Add($"{step} {when}") && seen.Count == moment + 1)
            {
                moments.Add($"{step} {when}");
                throw new BreakOff();
            }

            return Task.CompletedTask;
        });
        try
        {
            await call(conversion);
            return false;
        }
        catch (BreakOff)
        {
            return true;
        }
    }

    private static void ShouldBeSame(List<string> found, List<string> expected) =>
        (string.Join('\n', found.Except(expected)), string.Join('\n', expected.Except(found))).ShouldBe(("", ""));
}
