namespace MartenEventing.Events;

/// <summary>Some streams.</summary>
/// <param name="Streams">In the order of their ids.</param>
/// <param name="NextCursor">Where the next page begins; null when there is none.</param>
public sealed record StreamPage(IReadOnlyList<StreamState> Streams, string? NextCursor);
