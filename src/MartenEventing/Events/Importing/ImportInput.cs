using System.Security.Cryptography;

namespace MartenEventing.Events.Importing;

/// <summary>
/// What an import reads: plain text or gzip, told apart by the first bytes. The stream stays the caller's.
/// </summary>
internal sealed class ImportInput : IDisposable
{
    private const int Sampled = 1 << 16;
    private const int MagicLength = 2;

    private readonly Stream _content;

    private ImportInput(CountedStream raw, bool isGzip)
    {
        Raw = raw;
        _content = isGzip ? new SealedGzip(raw) : raw;
        Lines = new LineReader(_content);
    }

    public CountedStream Raw { get; }

    public LineReader Lines { get; }

    public static async Task<ImportInput> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        var magic = new byte[MagicLength];
        var length = await stream.ReadAtLeastAsync(magic, MagicLength, throwOnEndOfStream: false, cancellationToken);
        var raw = new CountedStream(stream, magic.AsMemory(0, length));
        return new ImportInput(raw, magic is [0x1F, 0x8B]);
    }

    /// <summary>
    /// A name for the content from where the stream is: by its length, its beginning and its end (where gzip has a
    /// checksum of all). Null when the stream cannot seek.
    /// </summary>
    public static async Task<string?> NameAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (!stream.CanSeek)
            return null;
        var start = stream.Position;
        var length = stream.Length - start;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(length));
        await SampleAsync(stream, hash, cancellationToken);
        stream.Position = start + Math.Max(0, length - Sampled);
        await SampleAsync(stream, hash, cancellationToken);
        stream.Position = start;
        return "sha256 " + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    public void Dispose()
    {
        Lines.Dispose();
        if (_content != Raw)
            _content.Dispose();
    }

    private static async Task SampleAsync(Stream stream, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var sample = new byte[Sampled];
        var length = await stream.ReadAtLeastAsync(sample, Sampled, throwOnEndOfStream: false, cancellationToken);
        hash.AppendData(sample.AsSpan(0, length));
    }
}
