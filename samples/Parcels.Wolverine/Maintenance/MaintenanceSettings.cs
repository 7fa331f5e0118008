namespace Parcels.Api.Maintenance;

/// <summary>The section <c>Maintenance</c> of the configuration.</summary>
public sealed class MaintenanceSettings
{
    /// <summary>Who looks after the partitions; by default the hosted service.</summary>
    public MaintenanceMode Mode { get; set; } = MaintenanceMode.HostedService;

    /// <summary>The time from one pass to the next; an hour by default.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);
}
