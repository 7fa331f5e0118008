using MartenEventing.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive;

/// <summary>The storage that the tests of this assembly use: a folder.</summary>
internal static class TestStorage
{
    public static Task<IArchiveStorage> CreateAsync() => Task.FromResult<IArchiveStorage>(
        new ArchiveFolder(Directory.CreateTempSubdirectory("partition-archive-").FullName));

    public static Task RemoveAsync(IArchiveStorage storage)
    {
        Directory.Delete(storage.Location, recursive: true);
        return Task.CompletedTask;
    }
}
