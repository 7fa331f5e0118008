namespace MartenEventing.Retention;

/// <summary>
/// A projection or subscription that was told where to begin (Marten 9.59): a floor that outlives its rebuilds.
/// </summary>
/// <param name="Projection">Its name in <c>mt_event_progression</c>; that of the floor where it has never run.</param>
/// <param name="Sequence">The last event that is nothing to it. What lies up to there may go without having been
/// seen.</param>
public sealed record ProjectionFloor(string Projection, long Sequence);
