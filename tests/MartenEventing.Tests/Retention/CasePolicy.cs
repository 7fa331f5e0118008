using MartenEventing.Retention;

namespace MartenEventing.Tests.Retention;

/// <summary>A policy by chance, and what it means for a stream.</summary>
internal sealed class CasePolicy
{
    private static readonly string[] Kinds = ["signed", "note", "kept", "short"];

    private readonly int? _olderThan;
    private readonly int? _keepLast;
    private readonly int _minimum;
    private readonly Dictionary<string, int?> _rules = [];

    public CasePolicy(Random random)
    {
        var kind = random.Next(6);
        _olderThan = kind == 0 ? null : random.Next(1, 6);
        _keepLast = kind is 0 or 1 ? random.Next(1, 5) : null;
        _minimum = random.Next(1, 3);
        foreach (var rule in Kinds)
            if (random.Next(3) == 0)
                _rules[rule] = random.Next(5) == 0 ? null : random.Next(1, 8);
    }

    public RetentionOptions Options => RetentionStore.ThreeMonths with
    {
        OlderThan = Age(_olderThan),
        KeepLast = _keepLast,
        MinimumAge = Age(_minimum)!.Value,
        Rules = [.. _rules.Select(rule => new RetentionRule
        {
            EventType = rule.Key == "signed" ? "signed" : null,
            StreamType = rule.Key == "note" ? "note" : null,
            Header = rule.Key == "kept" ? "kept" : null,
            Tenant = rule.Key == "short" ? "short" : null,
            Age = Age(rule.Value),
        })],
    };

    /// <summary>Nothing at or after this goes, whatever the policy.</summary>
    public DateTimeOffset Youngest(DateTimeOffset now) => StartOfMonth(now.AddMonths(-_minimum));

    /// <summary>
    /// Before which instant a stream without a rule must have ended to go: the floor, or the last bound of a partition
    /// before it that lies behind the head.
    /// </summary>
    public DateTimeOffset? Edge(IReadOnlyList<CasePartition> partitions, DateTimeOffset now)
    {
        var over = partitions.Where(p => p.From is not null && p.To <= now).ToList();
        DateTimeOffset?[] floors =
        [
            _olderThan is { } age ? StartOfMonth(now.AddMonths(-age)) : null,
            over.Count > _keepLast ? over[^_keepLast.Value].From : null,
        ];
        var floor = floors.Max() > Youngest(now) ? Youngest(now) : floors.Max();
        return floor is null ? null : partitions[0].To > floor ? floor
            : partitions.Where(p => p.To <= floor).Max(p => p.To);
    }

    /// <summary>Before which instant a stream must have ended to go; null: it never does.</summary>
    public DateTimeOffset? FloorOf(CaseStream stream, DateTimeOffset? edge, DateTimeOffset now)
    {
        var rules = _rules.Where(rule => stream.Matches(rule.Key)).ToList();
        if (rules.Count == 0)
            return edge;
        if (rules.Exists(rule => rule.Value is null))
            return null;
        var floor = StartOfMonth(now.AddMonths(-rules.Max(rule => rule.Value!.Value)));
        return floor > Youngest(now) ? Youngest(now) : floor;
    }

    public override string ToString() =>
        $"older than {_olderThan}, keep last {_keepLast}, minimum {_minimum}, "
        + string.Join(", ", _rules.Select(rule => $"{rule.Key} {rule.Value}"));

    private static RetentionAge? Age(int? months) =>
        months is { } count ? new RetentionAge(count, RetentionUnit.Month) : null;

    private static DateTimeOffset StartOfMonth(DateTimeOffset at) => new(at.Year, at.Month, 1, 0, 0, 0, TimeSpan.Zero);
}
