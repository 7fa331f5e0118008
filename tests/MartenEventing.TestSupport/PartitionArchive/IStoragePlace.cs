using MartenEventing.PartitionArchive;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>Where the archives of a test lie.</summary>
public interface IStoragePlace
{
    /// <summary>A storage of one test's own.</summary>
    static abstract Task<IArchiveStorage> CreateAsync();

    static abstract Task RemoveAsync(IArchiveStorage storage);
}
