namespace MartenEventing.Events.Importing;

/// <summary>
/// An event as a line tells it. Texts are UTF-8 and belong to the parser until it parses the next line.
/// </summary>
internal ref struct ImportLine
{
    public ImportFields Given;
    public StreamId Stream;

    /// <summary>The text that the stream's uuid was made of; empty when it is no such uuid.</summary>
    public ReadOnlySpan<byte> StreamName;
    public ReadOnlySpan<byte> Type;

    /// <summary>Microseconds since 2000, UTC, as PostgreSQL counts.</summary>
    public long Time;
    public ReadOnlySpan<byte> Data;
    public ReadOnlySpan<byte> CorrelationId;
    public ReadOnlySpan<byte> CausationId;
    public ReadOnlySpan<byte> UserName;
    public ReadOnlySpan<byte> Headers;
    public Guid Id;

    public readonly bool Has(ImportFields field) => (Given & field) != 0;
}
