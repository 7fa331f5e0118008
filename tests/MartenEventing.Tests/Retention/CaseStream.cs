namespace MartenEventing.Tests.Retention;

/// <summary>A stream as it must be: the times of its events, and what sets it apart.</summary>
internal sealed record CaseStream(string Tenant, Guid Id, bool IsNote, bool IsSigned, bool IsKept)
{
    public List<(DateTimeOffset At, long Sequence)> Events { get; } = [];

    /// <summary>Somebody wrote to it while a run was under way: it may live this time.</summary>
    public bool IsTouched { get; set; }

    public DateTimeOffset Newest => Events.Max(e => e.At);

    public string Name => $"{Tenant} {Id}";

    public bool Matches(string rule) => rule switch
    {
        "signed" => IsSigned,
        "note" => IsNote,
        "kept" => IsKept,
        _ => Tenant == "short",
    };

    public string Describe() => $"{Name}: " + string.Join(' ', Events.Select((e, i) => $"{i + 1}@{e.Sequence}"));
}
