using System.Runtime.CompilerServices;
using MartenEventing.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive.Mutated;

/// <summary>Archives in memory, so that thousands of them can be damaged quickly.</summary>
internal sealed class FilesInMemory(IEnumerable<KeyValuePair<string, byte[]>> files) : IArchiveStorage
{
    public SortedDictionary<string, byte[]> Files { get; } = new(files.ToDictionary(), StringComparer.Ordinal);

    public string Location => "memory";

    public async IAsyncEnumerable<StoredFile> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var (key, bytes) in Files.ToList())
            if (key.StartsWith(prefix, StringComparison.Ordinal))
                yield return new StoredFile(key, bytes.Length);
    }

    public Task<Stream?> OpenReadAsync(
        string key, long offset, long length, CancellationToken cancellationToken = default)
    {
        if (!Files.TryGetValue(key, out var bytes))
            return Task.FromResult<Stream?>(null);
        var start = (int)Math.Min(offset, bytes.Length);
        return Task.FromResult<Stream?>(new MemoryStream(bytes, start, (int)Math.Min(length, bytes.Length - start)));
    }

    public Task<bool> WriteAsync(
        string key, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken = default)
    {
        if (!replace && Files.ContainsKey(key))
            return Task.FromResult(false);
        Files[key] = content.ToArray();
        return Task.FromResult(true);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        Files.Remove(key);
        return Task.CompletedTask;
    }
}
