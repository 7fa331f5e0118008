namespace MartenEventing.Tests.Retention;

/// <summary>A partition's bounds; open ones are null.</summary>
internal sealed record CasePartition(DateTimeOffset? From, DateTimeOffset? To);
