namespace MartenEventing.Marten.Rebuilding;

/// <summary>A partition that retention has removed.</summary>
/// <param name="Name">The name that the table had.</param>
/// <param name="From">The first instant it held, in UTC.</param>
/// <param name="To">The first instant it no longer held, in UTC.</param>
/// <param name="Events">How many events went with it; those of living streams were kept.</param>
/// <param name="Streams">How many streams went, whole.</param>
public sealed record RemovedPartition(string Name, DateTimeOffset From, DateTimeOffset To, long Events, long Streams);
