namespace MartenEventing.Conversion;

/// <summary>What <see cref="StoreConversion.StartAsync"/> would do now.</summary>
public sealed record ConversionPlan
{
    /// <summary>The schema of the store.</summary>
    public required string SchemaName { get; init; }

    /// <summary>The steps, in order; those that a former call has done are done again at no cost.</summary>
    public required IReadOnlyList<ConversionPlanStep> Steps { get; init; }

    /// <summary>What stands in the way, and warnings.</summary>
    public required IReadOnlyList<ConversionObjection> Objections { get; init; }

    /// <summary>Events, by the server's estimate.</summary>
    public required long EventCount { get; init; }

    /// <summary>Bytes of the table with its indexes.</summary>
    public required long TableBytes { get; init; }

    /// <summary>Bytes that the indexes made beforehand will take, and by shadow the copy, estimated.</summary>
    public required long BytesNeeded { get; init; }

    /// <summary>
    /// How long it will take, estimated: most of it goes into indexes or the copy, which holds up nobody.
    /// </summary>
    public required TimeSpan TimeNeeded { get; init; }

    /// <summary>Whether nothing stands in the way.</summary>
    public bool IsPossible => Objections.All(objection => !objection.Stops);
}
