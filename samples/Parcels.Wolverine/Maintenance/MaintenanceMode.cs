namespace Parcels.Api.Maintenance;

/// <summary>Who looks after the partitions.</summary>
public enum MaintenanceMode
{
    /// <summary>The hosted service, in every process; the passes exclude each other.</summary>
    HostedService,

    /// <summary>A scheduled message, one for the whole application.</summary>
    Messages,
}
