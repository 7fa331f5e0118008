namespace MartenEventing.Cli.Demo;

/// <summary>Something that the demo claims did not hold.</summary>
/// <param name="otherwise">What was seen instead, as a sentence.</param>
internal sealed class ClaimException(string otherwise) : Exception($"The demo's claim does not hold. {otherwise}");
