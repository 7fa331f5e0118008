namespace MartenEventing.Marten.Rebuilding;

/// <summary>
/// A projection was to be rebuilt from a history of which retention has removed a part. Nothing was changed.
/// </summary>
public sealed class TruncatedHistoryException : MartenEventingException
{
    internal TruncatedHistoryException(IReadOnlyList<TruncatedHistory> histories)
        : base("The history is not complete, and what is rebuilt from it will not be either. Nothing was changed.\n"
            + string.Concat(histories.SelectMany(history => history.Describe()).Select(line => $"  {line}\n"))
            + $"To rebuild from what is left, set {nameof(ProjectionRebuildOptions)}."
            + $"{nameof(ProjectionRebuildOptions.AllowTruncatedHistory)}, or --allow-truncated.")
    {
        Histories = histories;
    }

    /// <summary>What is missing, for each database in which anything is.</summary>
    public IReadOnlyList<TruncatedHistory> Histories { get; }
}
