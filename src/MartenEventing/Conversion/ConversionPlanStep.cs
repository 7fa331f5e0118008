namespace MartenEventing.Conversion;

/// <summary>A step of a plan, for people.</summary>
/// <param name="Name">Its name, as it is shown while it runs.</param>
/// <param name="Description">What it does.</param>
/// <param name="Locks">What it keeps others from, and for how long at most.</param>
/// <param name="Sql">The statements, in order.</param>
public sealed record ConversionPlanStep(string Name, string Description, string Locks, IReadOnlyList<string> Sql);
