namespace MartenEventing.Partitioning;

/// <summary>Moments of a step at which a test may look on, fail, or end the server.</summary>
internal enum SessionMoment
{
    /// <summary>Before it is sent.</summary>
    Before,

    /// <summary>It has run, and is not committed yet.</summary>
    Uncommitted,

    /// <summary>It is committed.</summary>
    Committed,
}
