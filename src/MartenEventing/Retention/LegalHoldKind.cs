namespace MartenEventing.Retention;

/// <summary>What a legal hold is on.</summary>
public enum LegalHoldKind
{
    /// <summary>One stream.</summary>
    Stream,

    /// <summary>All streams of a tenant.</summary>
    Tenant,

    /// <summary>Every stream with an event in a range of time, whole.</summary>
    Range,
}
