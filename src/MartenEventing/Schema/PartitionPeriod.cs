namespace MartenEventing.Schema;

/// <summary>The span of time, in UTC, that one partition holds.</summary>
public enum PartitionPeriod
{
    /// <summary>A day, suffix <c>d20261120</c>.</summary>
    Day,

    /// <summary>A week from Monday on, suffix <c>w20261116</c>.</summary>
    Week,

    /// <summary>A month, suffix <c>m202611</c>; the default everywhere.</summary>
    Month,

    /// <summary>A quarter, suffix <c>q202610</c> (its first month).</summary>
    Quarter,

    /// <summary>A year, suffix <c>y2026</c>.</summary>
    Year,
}
