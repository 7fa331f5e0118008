namespace MartenEventing.Marten.Rebuilding;

/// <summary>Which projections are rebuilt, and how.</summary>
public sealed record ProjectionRebuildOptions
{
    /// <summary>The name of the projection. Default null: all that write something.</summary>
    public string? Projection { get; init; }

    /// <summary>Rebuild although a part of the history is missing. Default false.</summary>
    public bool AllowTruncatedHistory { get; init; }

    /// <summary>
    /// How long the rebuild of one projection may take in one database: more than zero. Default one hour.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal ProjectionRebuildOptions Validated() => Timeout > TimeSpan.Zero
        ? this
        : throw new ArgumentException(
            $"{nameof(ProjectionRebuildOptions)}.{nameof(Timeout)} is \"{Timeout}\". Allowed: more than zero.",
            nameof(Timeout));
}
