namespace MartenEventing.Tests.Security;

/// <summary>A document whose number Marten draws from its table of numbers.</summary>
public sealed class NumberedNote
{
    public int Id { get; set; }

    public string Text { get; set; } = "";
}
