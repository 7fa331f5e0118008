using MartenEventing.PartitionArchive;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>A storage whose disk is full after so many files.</summary>
public sealed class BrokenOff(IArchiveStorage storage) : IArchiveStorage
{
    public int Left { get; set; }

    public int DeletionsLeft { get; set; } = int.MaxValue;

    public string Location => storage.Location;

    public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        storage.ListAsync(prefix, cancellationToken);

    public Task<Stream?> OpenReadAsync(
        string key, long offset, long length, CancellationToken cancellationToken = default) =>
        storage.OpenReadAsync(key, offset, length, cancellationToken);

    public Task<bool> WriteAsync(
        string key, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken = default) =>
        Left-- > 0
            ? storage.WriteAsync(key, content, replace, cancellationToken)
            : throw new IOException("No space left on device");

    public Task DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        DeletionsLeft-- > 0 ? storage.DeleteAsync(key, cancellationToken)
            : throw new IOException("Read-only file system");
}
