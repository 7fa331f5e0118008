namespace MartenEventing.Retention;

/// <summary>Why a partition, and all after it, is kept although a policy wants it removed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Partition">The partition; null for all.</param>
/// <param name="Reason">Why, as a sentence without its full stop.</param>
/// <param name="WayOut">What to do, likewise.</param>
public sealed record RetentionGate(RetentionGateKind Kind, string? Partition, string Reason, string WayOut);
