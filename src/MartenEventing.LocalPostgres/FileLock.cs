namespace MartenEventing.LocalPostgres;

/// <summary>A lock between processes, which the operating system releases however its holder ends.</summary>
internal static class FileLock
{
    private const int ReadOnlyFileSystem = 30; // EROFS, on Linux and macOS alike.

    /// <summary>Waits until no other process holds it; disposing the file releases it.</summary>
    /// <exception cref="LocalServerException">It was held by another for longer than the timeout.</exception>
    public static async Task<FileStream> TakeAsync(string path, TimeSpan timeout, CancellationToken cancellation)
    {
        FileStream? held = null;
        if (await Poll.UntilAsync(() => (held = TryTake(path)) is not null, timeout, cancellation))
            return held!;
        throw new LocalServerException(
            $"Another process has been starting or stopping the server for {timeout}: it holds a lock on {path}.",
            Path.GetDirectoryName(path)!,
            output: "");
    }

    private static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(path) && error.HResult != ReadOnlyFileSystem)
        {
            return null;
        }
    }
}
