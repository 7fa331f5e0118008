using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.S3.Tests;

/// <summary>A bucket of a server of our own.</summary>
public sealed class BucketPlace : IStoragePlace
{
    private static readonly Lazy<Task<S3Server>> Server = new(S3Server.StartAsync);

    public static async Task<IArchiveStorage> CreateAsync() =>
        (await Server.Value).Storage($"{Guid.NewGuid():N}/store");

    public static Task RemoveAsync(IArchiveStorage storage)
    {
        ((IDisposable)storage).Dispose();
        return Task.CompletedTask;
    }
}
