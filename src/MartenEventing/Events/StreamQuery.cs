namespace MartenEventing.Events;

/// <summary>Which streams to list: those for which all that is given holds, in the order of their ids.</summary>
public sealed record StreamQuery
{
    /// <summary>Of this type, Marten's alias of the aggregate.</summary>
    public string? Type { get; init; }

    /// <summary>Archived ones only, or others only; null means both.</summary>
    public bool? IsArchived { get; init; }

    /// <summary>Changed at this instant or later.</summary>
    public DateTimeOffset? UpdatedFrom { get; init; }

    /// <summary>How many streams a page holds at most, 1 to 10,000. Default 500.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary><see cref="StreamPage.NextCursor"/> of the page before; null for the first page.</summary>
    public string? After { get; init; }
}
