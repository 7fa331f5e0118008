using System.Globalization;

namespace MartenEventing.PartitionArchive;

/// <summary>One thing that is wrong with a partition archive.</summary>
public sealed record ArchiveProblem
{
    /// <summary>What kind of thing.</summary>
    public required ArchiveProblemKind Kind { get; init; }

    /// <summary>The file; null when it is no file's.</summary>
    public string? File { get; init; }

    /// <summary>Where in the file the bytes in question begin.</summary>
    public long? Offset { get; init; }

    /// <summary>How many bytes are in question.</summary>
    public long? Length { get; init; }

    /// <summary>The event's sequence; null when it is no event's.</summary>
    public long? Sequence { get; init; }

    /// <summary>What is wrong, as a part of a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>All of it in one line.</summary>
    public string Describe() => File is null ? Message
        : Offset is null ? $"{File}: {Message}"
        : string.Create(CultureInfo.InvariantCulture,
            $"{File}, byte {Offset}{(Length is { } length ? $" to {Offset + length}" : "")}: {Message}");
}
