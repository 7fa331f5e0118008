namespace MartenEventing.Rebuilding;

/// <summary>Documents of a projection whose streams have gone: a rebuild would remove them.</summary>
/// <param name="Projection">The name of the projection.</param>
/// <param name="Document">The type of the documents.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Examples">The ids of the first hundred.</param>
public sealed record LostDocuments(string Projection, Type Document, long Count, IReadOnlyList<string> Examples);
