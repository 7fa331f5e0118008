using MartenEventing.PartitionArchive;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>A storage that tells before it writes a file.</summary>
public sealed class Watched(IArchiveStorage storage) : IArchiveStorage
{
    public Func<string, Task> Writing { get; set; } = _ => Task.CompletedTask;

    public string Location => storage.Location;

    public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        storage.ListAsync(prefix, cancellationToken);

    public Task<Stream?> OpenReadAsync(
        string key, long offset, long length, CancellationToken cancellationToken = default) =>
        storage.OpenReadAsync(key, offset, length, cancellationToken);

    public async Task<bool> WriteAsync(
        string key, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken = default)
    {
        await Writing(key);
        return await storage.WriteAsync(key, content, replace, cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        storage.DeleteAsync(key, cancellationToken);
}
