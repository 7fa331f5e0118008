using System.Runtime.CompilerServices;

namespace MartenEventing.PartitionArchive;

/// <summary>How partition archives are written.</summary>
public sealed record ArchiveOptions
{
    /// <summary>How chunks are compressed. Default <see cref="ArchiveCompression.Brotli"/>.</summary>
    public ArchiveCompression Compression { get; init; } = ArchiveCompression.Brotli;

    /// <summary>With what the files are encrypted. Default null: not encrypted.</summary>
    public ArchiveKey? Key { get; init; }

    /// <summary>
    /// How many bytes of lines make a chunk, the smallest part that is read: 1 to 67,108,864. Default 1 MiB. A chunk
    /// has at least one line.
    /// </summary>
    public int ChunkBytes { get; init; } = 1 << 20;

    /// <summary>How many stored bytes make a file: 1 to 1,073,741,824. Default 8 MiB; held in memory.</summary>
    public int FileBytes { get; init; } = 8 << 20;

    /// <summary>Told after every file. Default null.</summary>
    public IProgress<ArchiveProgress>? Progress { get; init; }

    internal ArchiveOptions Validated()
    {
        if (!Enum.IsDefined(Compression))
            throw new ArgumentException(
                $"{nameof(ArchiveOptions)}.{nameof(Compression)} is {Compression}. Allowed: Brotli, Gzip, None.",
                nameof(Compression));
        Require(ChunkBytes, 1 << 26);
        Require(FileBytes, 1 << 30);
        return this;
    }

    private static void Require(int value, int most, [CallerArgumentExpression(nameof(value))] string option = "")
    {
        if (value < 1 || value > most)
            throw new ArgumentException($"{nameof(ArchiveOptions)}.{option} is {value}. Allowed: 1 to {most}.", option);
    }
}
