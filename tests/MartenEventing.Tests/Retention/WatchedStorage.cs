using MartenEventing.PartitionArchive;

namespace MartenEventing.Tests.Retention;

/// <summary>Tells of each file before it is written.</summary>
internal sealed class WatchedStorage(IArchiveStorage storage, Func<string, Task> writing) : IArchiveStorage
{
    public string Location => storage.Location;

    public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        storage.ListAsync(prefix, cancellationToken);

    public Task<Stream?> OpenReadAsync(
        string key, long offset, long length, CancellationToken cancellationToken = default) =>
        storage.OpenReadAsync(key, offset, length, cancellationToken);

    public async Task<bool> WriteAsync(
        string key, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken = default)
    {
        await writing(key);
        return await storage.WriteAsync(key, content, replace, cancellationToken);
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        storage.DeleteAsync(key, cancellationToken);
}
