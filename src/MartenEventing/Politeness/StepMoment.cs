namespace MartenEventing.Politeness;

/// <summary>Moments of a statement at which a test may look on, or end the server.</summary>
internal enum StepMoment
{
    /// <summary>Before it is sent.</summary>
    Before,

    /// <summary>It has run, and is not committed yet.</summary>
    Uncommitted,

    /// <summary>It is committed.</summary>
    Committed,
}
