namespace MartenEventing.Events;

/// <summary>
/// Which events to look for: those for which all that is given holds. A time window leaves out all partitions beyond
/// it; without one, every partition is looked into.
/// </summary>
public sealed record EventQuery
{
    /// <summary>Of one of these types (aliases); empty means of any.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Of this stream.</summary>
    public StreamId? Stream { get; init; }

    /// <summary>Done by this user.</summary>
    public string? UserName { get; init; }

    /// <summary>Belonging to this.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Caused by this.</summary>
    public string? CausationId { get; init; }

    /// <summary>At this instant or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>With headers that contain this JSON object, as PostgreSQL's <c>@&gt;</c> has it.</summary>
    public string? HeadersContain { get; init; }

    /// <summary>
    /// In which order. By time, give a window: without one all events that fit are sorted for each page.
    /// </summary>
    public EventOrder Order { get; init; } = EventOrder.Sequence;

    /// <summary>How many events a page holds at most, 1 to 10,000. Default 500.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary><see cref="EventPage.NextCursor"/> of the page before; null for the first page.</summary>
    public string? After { get; init; }
}
