namespace MartenEventing.Marten.Rebuilding;

/// <summary>
/// Documents that a rebuild would remove: their streams have gone, or have no event after the floor of the projection.
/// </summary>
/// <param name="Projection">The name of the projection.</param>
/// <param name="Document">The type of the documents.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Examples">The ids of the first hundred.</param>
public sealed record LostDocuments(string Projection, Type Document, long Count, IReadOnlyList<string> Examples)
{
    /// <summary>The event after which the projection begins; 0 where it begins with the first.</summary>
    public long Floor { get; init; }
}
