namespace MartenEventing.Maintenance;

/// <summary>What became of a step.</summary>
public enum StepOutcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>Its locks were not to be had in time: left to the next pass.</summary>
    GaveWay,

    /// <summary>The server refused it.</summary>
    Failed,

    /// <summary>Not begun, because the one before it had to give way to the same readers or writers.</summary>
    Postponed,
}
