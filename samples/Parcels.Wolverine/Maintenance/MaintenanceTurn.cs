namespace Parcels.Api.Maintenance;

/// <summary>
/// Which message comes next. Whoever sends a <see cref="MaintainPartitions"/> writes its turn down in the same
/// transaction, and a message whose turn is not the one written down ends there. So however many processes start,
/// however often, and should a message be handled twice, one message stays pending.
/// </summary>
public sealed record MaintenanceTurn
{
    /// <summary>The id of the one document.</summary>
    public const string TheOne = "partitions";

    /// <summary>Always <see cref="TheOne"/>.</summary>
    public string Id { get; init; } = TheOne;

    /// <summary>The turn of the message sent last.</summary>
    public required Guid Next { get; init; }

    /// <summary>When the last pass ended; null before the first.</summary>
    public DateTimeOffset? LastPassAt { get; init; }
}
