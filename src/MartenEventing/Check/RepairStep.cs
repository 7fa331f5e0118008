namespace MartenEventing.Check;

/// <summary>One step of a repair.</summary>
/// <param name="Check">The check whose finding it mends.</param>
/// <param name="Description">One line for people: what is done.</param>
/// <param name="Statements">How it is done, each committed on its own.</param>
public sealed record RepairStep(string Check, string Description, IReadOnlyList<string> Statements)
{
    /// <summary>False for statements that PostgreSQL allows outside transaction blocks only.</summary>
    public bool InTransaction { get; init; } = true;

    /// <summary>
    /// True for a statement that is run again and again, with what it returned in the place of <c>$1</c>, until that is
    /// null.
    /// </summary>
    public bool ByPage { get; init; }
}
