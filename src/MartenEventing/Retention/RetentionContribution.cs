namespace MartenEventing.Retention;

/// <summary>What one policy asks for.</summary>
/// <param name="Policy">The policy, in words.</param>
/// <param name="Floor">The instant before which it wants nothing kept that has ended; null: it removes nothing.</param>
/// <param name="Partitions">How many partitions lie before that.</param>
public sealed record RetentionContribution(string Policy, DateTimeOffset? Floor, int Partitions);
