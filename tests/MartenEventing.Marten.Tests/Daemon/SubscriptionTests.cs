using JasperFx.Events;
using Marten;

namespace MartenEventing.Tests.Daemon;

public sealed class SubscriptionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory, MemberData(nameof(Ways.All), MemberType = typeof(Ways))]
    public async Task a_subscription_is_given_every_event_once_in_order(EventAppendMode mode, StreamIdentity identity)
    {
        var recorder = new SequenceRecorder();
        await using var parcels = await ParcelStore.CreateAsync(
            mode, identity, options => options.Events.Subscribe(recorder));
        using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        foreach (var month in (int[])[1, -2, 0, 40])
        {
            parcels.Clock.Now = Months.Middle(month);
            await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        }

        await daemon.WaitForNonStaleData(Patience);
        recorder.Sequences.ShouldBe(Enumerable.Range(1, 8).Select(i => (long)i));
    }

    [Fact]
    public async Task a_subscription_goes_on_where_it_was()
    {
        var recorder = new SequenceRecorder();
        await using var parcels = await ParcelStore.CreateAsync(
            configure: options => options.Events.Subscribe(recorder));
        for (var run = 0; run < 2; run++)
        {
            parcels.Clock.Now = Months.Middle(run);
            await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
            using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
            await daemon.StartAllAsync();
            await daemon.WaitForNonStaleData(Patience);
            await daemon.StopAllAsync();
        }

        recorder.Sequences.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public async Task a_subscription_may_begin_after_the_first_event_of_a_month()
    {
        var recorder = new SequenceRecorder();
        await using var parcels = await ParcelStore.CreateAsync(configure: options => options.Events.Subscribe(
            recorder, subscription => subscription.Options.SubscribeFromTime(Months.Boundary)));
        await parcels.StartAcrossBoundaryAsync(
            [new ParcelRegistered("Here"), new ParcelScanned("A")], [new ParcelScanned("B"), new ParcelDelivered()]);
        using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(Patience);

        // Marten takes the first event at or after that time for one that has been seen.
        recorder.Sequences.ShouldBe([4]);
    }
}
