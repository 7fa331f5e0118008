namespace MartenEventing.PartitionArchive;

/// <summary>
/// Where partition archives lie: files under keys such as <c>mt_events_m202401/manifest.json</c>. An implementation
/// stores a file whole or not at all.
/// </summary>
public interface IArchiveStorage
{
    /// <summary>Where it is, for people and for the database's list of archives.</summary>
    string Location { get; }

    /// <summary>The files whose keys begin so, in any order; what was broken off among them.</summary>
    IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Opens a part of a file; null when there is none of this key.</summary>
    /// <param name="key">The file.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="length">How long it is; the stream ends before, where the file does.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<Stream?> OpenReadAsync(
        string key, long offset, long length, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a file. When the call returns it is durable; a reader sees the former content or this, never a part.
    /// </summary>
    /// <returns>False, and nothing stored, when there is one of this key and it is not to be replaced.</returns>
    Task<bool> WriteAsync(
        string key, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken = default);

    /// <summary>Removes a file, if there is one.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken = default);
}
