namespace MartenEventing.Cli.Demo.Applications;

/// <summary>The aggregate: what Marten works out of a stream when it is fetched for writing.</summary>
internal sealed record Parcel
{
    /// <summary>The stream.</summary>
    public Guid Id { get; init; }

    /// <summary>Where it was seen last.</summary>
    public string Depot { get; init; } = "";

    /// <summary>Who has it; null while it is under way.</summary>
    public string? ReceivedBy { get; init; }
}
