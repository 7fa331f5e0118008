namespace MartenEventing.Benchmarks.Reporting;

/// <summary>What the figures were measured with.</summary>
internal sealed record Circumstances(
    int Months, int Events, int Rounds, int Writers, int Processors, bool Quick,
    IReadOnlyDictionary<string, string> Server);
