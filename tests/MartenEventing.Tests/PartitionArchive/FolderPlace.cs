using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive;

/// <summary>A folder.</summary>
public sealed class FolderPlace : IStoragePlace
{
    public static Task<IArchiveStorage> CreateAsync() => Task.FromResult<IArchiveStorage>(
        new ArchiveFolder(Directory.CreateTempSubdirectory("partition-archive-").FullName));

    public static Task RemoveAsync(IArchiveStorage storage)
    {
        Directory.Delete(storage.Location, recursive: true);
        return Task.CompletedTask;
    }
}
