namespace MartenEventing.Benchmarks.Data;

/// <summary>A stream of a made-up history.</summary>
internal sealed record GeneratedStream(Guid Id, DateTimeOffset Created)
{
    public DateTimeOffset LastEvent { get; set; }

    public int Events { get; set; }

    /// <summary>True when the id is a UUIDv7 and so tells when the stream began; else it is random (v4).</summary>
    public bool TellsItsTime => Id.Version == 7;
}
