namespace MartenEventing.Tests;

/// <summary>A tag.</summary>
public sealed record ParcelCode(string Value);
