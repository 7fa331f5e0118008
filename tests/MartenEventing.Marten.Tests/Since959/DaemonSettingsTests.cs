using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;

namespace MartenEventing.Tests.Since959;

/// <summary>Settings of the daemon that are new.</summary>
public sealed class DaemonSettingsTests
{
    private static readonly Dictionary<string, Action<DaemonSettings>> Settings = new()
    {
        [nameof(DaemonSettings.SerializeTenantProjectionBatches)] = daemon =>
            daemon.SerializeTenantProjectionBatches = true,
        [nameof(DaemonSettings.TenantLoadBudget)] = daemon => daemon.TenantLoadBudget = 1,
        [nameof(DaemonSettings.HighWaterProgressStallThreshold)] =
            daemon => daemon.HighWaterProgressStallThreshold = TimeSpan.FromMilliseconds(200),
    };

    public static TheoryData<string> All => [.. Settings.Keys];

    [Theory, MemberData(nameof(All))]
    public async Task projections_come_to_the_end_of_all_months(string setting)
    {
        await using var parcels = await ParcelStore.CreateAsync(configure: options =>
        {
            Settings[setting](options.Projections);
            options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Async);
        });
        var stream = await parcels.StartAcrossBoundaryAsync([new ParcelRegistered("Here")], [new ParcelScanned("A")]);
        using var daemon = await parcels.Store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(TimeSpan.FromMinutes(1));

        await using var session = parcels.Session();
        (await session.LoadAsync<Parcel>(stream.Id))!.Scans.ShouldBe(1);
    }
}
