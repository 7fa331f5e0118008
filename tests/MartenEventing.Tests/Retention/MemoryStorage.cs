using System.Collections.Concurrent;
using MartenEventing.PartitionArchive;

namespace MartenEventing.Tests.Retention;

/// <summary>Partition archives in memory.</summary>
internal sealed class MemoryStorage : IArchiveStorage
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public string Location => "memory";

    public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        _files.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(file => new StoredFile(file.Key, file.Value.Length)).ToAsyncEnumerable();

    public Task<Stream?> OpenReadAsync(
        string key, long offset, long length, CancellationToken cancellationToken = default) =>
        Task.FromResult<Stream?>(_files.TryGetValue(key, out var file)
            ? new MemoryStream(file, (int)offset, (int)Math.Min(length, file.Length - offset), writable: false)
            : null);

    public Task<bool> WriteAsync(
        string key, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken = default)
    {
        if (!replace)
            return Task.FromResult(_files.TryAdd(key, content.ToArray()));
        _files[key] = content.ToArray();
        return Task.FromResult(true);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        _files.TryRemove(key, out _);
        return Task.CompletedTask;
    }
}
