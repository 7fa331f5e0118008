namespace MartenEventing.Tests;

/// <summary>A document that is nothing but a document.</summary>
public sealed class Depot
{
    public Guid Id { get; set; }

    public string Name { get; set; } = "";
}
