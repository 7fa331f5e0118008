using MartenEventing.Load;

namespace MartenEventing.Benchmarks.Conversion;

/// <summary>A call of the conversion, and what the application met meanwhile.</summary>
/// <param name="Name">The call.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Swap">How long the swap transaction took; null when there was none.</param>
/// <param name="Load">The figures of writers and readers.</param>
/// <param name="Errors">How many writers and readers have met an error by now.</param>
internal sealed record ConvertPhase(string Name, TimeSpan Took, TimeSpan? Swap, LoadFigures Load, int Errors);
