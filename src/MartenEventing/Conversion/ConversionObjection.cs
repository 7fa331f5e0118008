namespace MartenEventing.Conversion;

/// <summary>Something that stands in the way of a conversion, or that should be known before it.</summary>
/// <param name="Stops">True when the conversion is refused because of it; false for a warning.</param>
/// <param name="Subject">What it is about: a table, an index, a session.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="WayOut">What to do about it.</param>
public sealed record ConversionObjection(bool Stops, string Subject, string Reason, string WayOut);
