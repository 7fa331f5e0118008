namespace MartenEventing.Events;

/// <summary>Some events.</summary>
/// <param name="Events">In the order asked for.</param>
/// <param name="NextCursor">Where the next page begins; null when there is none.</param>
public sealed record EventPage(IReadOnlyList<StoredEvent> Events, string? NextCursor);
