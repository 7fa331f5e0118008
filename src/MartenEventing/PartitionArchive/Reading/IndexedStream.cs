namespace MartenEventing.PartitionArchive.Reading;

/// <summary>A stream of an archive, by its index.</summary>
internal sealed record IndexedStream(string? Tenant, string Stream, long FirstSequence, long LastSequence);
