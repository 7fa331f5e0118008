namespace MartenEventing.TestSupport.House;

/// <summary>A block of code on a page.</summary>
/// <param name="Language">What stands behind the fence; empty for a fence without, and for an indented block.</param>
/// <param name="Lines">Without fences, and without what all of them are indented by.</param>
public sealed record CodeBlock(string Language, IReadOnlyList<string> Lines);
