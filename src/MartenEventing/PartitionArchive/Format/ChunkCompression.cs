using System.Buffers;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>Compresses chunks, each on its own.</summary>
internal static class ChunkCompression
{
    private const int BrotliQuality = 5;
    private const int BrotliWindow = 22;

    public static string Suffix(ArchiveCompression compression) => compression switch
    {
        ArchiveCompression.Brotli => ".br",
        ArchiveCompression.Gzip => ".gz",
        _ => "",
    };

    public static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> content, ArchiveCompression compression)
    {
        if (compression == ArchiveCompression.None)
            return content;
        if (compression == ArchiveCompression.Gzip)
            return Gzip(content);
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        if (!BrotliEncoder.TryCompress(content.Span, compressed, out var written, BrotliQuality, BrotliWindow))
            throw new InvalidOperationException("Brotli needs more room than it says.");
        return compressed.AsMemory(0, written);
    }

    /// <summary>What was compressed; exactly so many bytes.</summary>
    /// <exception cref="FormatException">It was something else.</exception>
    public static ReadOnlyMemory<byte> Decompress(
        ReadOnlyMemory<byte> compressed, int length, ArchiveCompression compression)
    {
        if (compression == ArchiveCompression.None)
            return compressed.Length == length ? compressed : throw WrongLength();
        var content = new byte[length];
        if (compression == ArchiveCompression.Gzip)
            Gunzip(compressed, content);
        else if (!Unbrotli(compressed.Span, content))
            throw WrongLength();
        return content;
    }

    private static bool Unbrotli(ReadOnlySpan<byte> compressed, byte[] content)
    {
        using var decoder = new BrotliDecoder();
        return decoder.Decompress(compressed, content, out var used, out var written) == OperationStatus.Done
            && used == compressed.Length && written == content.Length;
    }

    private static ReadOnlyMemory<byte> Gzip(ReadOnlyMemory<byte> content)
    {
        var compressed = new MemoryStream(content.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(content.Span);
        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    private static void Gunzip(ReadOnlyMemory<byte> compressed, byte[] content)
    {
        try
        {
            var bytes = MemoryMarshal.TryGetArray(compressed, out var held)
                ? held
                : new ArraySegment<byte>(compressed.ToArray());
            using var gzip = new GZipStream(
                new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false), CompressionMode.Decompress);
            gzip.ReadExactly(content);
            if (gzip.ReadByte() >= 0)
                throw WrongLength();
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw WrongLength();
        }
    }

    private static FormatException WrongLength() => new("The bytes do not decompress to as many as the manifest says.");
}
