using MartenEventing.PartitionArchive;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>Whole files, for those who damage them.</summary>
public static class StorageExtensions
{
    public static async Task<byte[]> ReadAsync(this IArchiveStorage storage, string key)
    {
        await using var file = (await storage.OpenReadAsync(key, 0, int.MaxValue)).ShouldNotBeNull(key);
        var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public static Task ReplaceAsync(this IArchiveStorage storage, string key, byte[] content) =>
        storage.WriteAsync(key, content, replace: true);

    /// <summary>All keys of an archive, or with "" of all, in their order.</summary>
    public static async Task<List<string>> KeysAsync(this IArchiveStorage storage, string archive) =>
        [.. (await storage.ListAsync(archive).Select(file => file.Key).ToListAsync()).Order(StringComparer.Ordinal)];
}
