namespace MartenEventing.Marten.Rebuilding;

/// <summary>A stream whose first events are missing.</summary>
/// <param name="Tenant">The tenant of the stream.</param>
/// <param name="Stream">The id or key of the stream.</param>
/// <param name="FirstVersion">The lowest version that is there; 2 or more.</param>
public sealed record IncompleteStream(string Tenant, string Stream, long FirstVersion);
