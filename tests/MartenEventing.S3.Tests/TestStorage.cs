using MartenEventing.PartitionArchive;
using MartenEventing.S3.Tests;

namespace MartenEventing.Tests.PartitionArchive;

/// <summary>The storage that the tests of this assembly use: a bucket of a server of our own.</summary>
internal static class TestStorage
{
    private static readonly Lazy<Task<S3Server>> Server = new(S3Server.StartAsync);

    public static async Task<IArchiveStorage> CreateAsync() => (await Server.Value).Storage($"{Guid.NewGuid():N}/store");

    public static Task RemoveAsync(IArchiveStorage storage)
    {
        ((IDisposable)storage).Dispose();
        return Task.CompletedTask;
    }
}
