namespace Parcels.Api.Maintenance;

/// <summary>Look after the partitions now, and again after the interval.</summary>
/// <param name="Turn">Whose turn it is: see <see cref="MaintenanceTurn"/>.</param>
public sealed record MaintainPartitions(Guid Turn);
