using System.Text.Json.Serialization;

namespace MartenEventing.PartitionArchive;

/// <summary>
/// What a partition archive holds: written last, so that what has a manifest is complete. See
/// docs/partition-archive.md.
/// </summary>
public sealed record ArchiveManifest
{
    /// <summary>The version of the format that this library writes.</summary>
    public const int CurrentFormatVersion = 2;

    /// <summary>The oldest version of the format that this library reads.</summary>
    public const int OldestFormatVersion = 1;

    /// <summary>The version of the format.</summary>
    public int FormatVersion { get; init; } = CurrentFormatVersion;

    /// <summary>Identifies the archive, wherever it lies.</summary>
    public required Guid Id { get; init; }

    /// <summary>1, and one more with each redaction.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>Its name: the folder that it lies in.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What made it.</summary>
    public required string Tool { get; init; }

    /// <summary>The store that it was made from.</summary>
    public required ArchiveOrigin Origin { get; init; }

    /// <summary>The partition that it was made from; null when it was a range of time.</summary>
    public string? Partition { get; init; }

    /// <summary>The tenant whose events alone it holds; null when it holds all tenants'.</summary>
    public string? Tenant { get; init; }

    /// <summary>The first instant it holds; null when open towards the past.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant it no longer holds; null when open towards the future.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The lowest sequence in it; null when it holds no event.</summary>
    public long? FirstSequence { get; init; }

    /// <summary>The highest sequence in it; null when it holds no event.</summary>
    public long? LastSequence { get; init; }

    /// <summary>How many events it holds.</summary>
    public required long Events { get; init; }

    /// <summary>How many streams these belong to.</summary>
    public required long Streams { get; init; }

    /// <summary>How its chunks are compressed.</summary>
    public required ArchiveCompression Compression { get; init; }

    /// <summary>How its chunks are encrypted; null when they are not.</summary>
    public ArchiveEncryption? Encryption { get; init; }

    /// <summary>Its tables.</summary>
    public required IReadOnlyList<ArchiveTable> Tables { get; init; }

    /// <summary>What was erased from it.</summary>
    public IReadOnlyList<ArchiveRedaction> Redactions { get; init; } = [];

    /// <summary>What all its files take up, the manifest aside.</summary>
    [JsonIgnore]
    public long Bytes => Tables.Sum(table => table.Files.Sum(file => file.Bytes));

    /// <summary>What its lines take up before they are compressed.</summary>
    [JsonIgnore]
    public long ContentBytes =>
        Tables.Sum(table => table.Files.Sum(file => file.Chunks.Sum(chunk => (long)chunk.ContentBytes)));

    /// <summary>
    /// The seal that it was read or written with, which stands for all of it; null when it was neither yet.
    /// </summary>
    internal string? Seal { get; init; }

    internal ArchiveTable EventTable => Tables.Single(table => table.Role == ArchiveRole.Events);

    internal IEnumerable<(ArchiveTable Table, ArchiveFile File)> Files() =>
        Tables.SelectMany(table => table.Files.Select(file => (table, file)));
}
