using System.Runtime.CompilerServices;
using MartenEventing.PartitionArchive.Storage;

namespace MartenEventing.PartitionArchive;

/// <summary>
/// Partition archives in a folder of the file system. A file is written under a temporary name, flushed to the disk and
/// renamed, and the folder flushed too. What is made here is for its owner alone, where the system has modes (0600,
/// 0700).
/// </summary>
public sealed class ArchiveFolder : IArchiveStorage
{
    /// <summary>Prepares; the folder is made with the first file.</summary>
    /// <exception cref="ArgumentException">The path is an address, which is no folder.</exception>
    public ArchiveFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains("://", StringComparison.Ordinal))
            throw new ArgumentException(
                $"\"{path}\" is an address, not a folder. Of a bucket: S3ArchiveStorage.Open in MartenEventing.S3.",
                nameof(path));
        Location = Path.GetFullPath(path);
    }

    /// <summary>The folder's full path.</summary>
    public string Location { get; }

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredFile> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        if (!Directory.Exists(Location))
            yield break;
        var files = new DirectoryInfo(Location).EnumerateFiles("*", new EnumerationOptions
        {
            RecurseSubdirectories = true, MaxRecursionDepth = 1, AttributesToSkip = FileAttributes.None,
        });
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = Path.GetRelativePath(Location, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (key.StartsWith(prefix, StringComparison.Ordinal))
                yield return new StoredFile(key, file.Length);
        }
    }

    /// <inheritdoc />
    public Task<Stream?> OpenReadAsync(
        string key, long offset, long length, CancellationToken cancellationToken = default)
    {
        try
        {
            var file = new FileStream(
                PathOf(key), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0,
                useAsync: false);
            file.Seek(offset, SeekOrigin.Begin);
            return Task.FromResult<Stream?>(new PartOfStream(file, length));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc />
    public async Task<bool> WriteAsync(
        string key, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken = default)
    {
        var path = PathOf(key);
        var folder = Path.GetDirectoryName(path)!;
        DurableFolder.Create(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            await using (var file = OwnersOnly.Create(temporary))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            if (!TryMove(temporary, path, replace))
                return false;
        }
        finally
        {
            File.Delete(temporary);
        }

        DurableFolder.Flush(folder);
        return true;
    }

    /// <inheritdoc />
    public Task DeleteAsync(string key, CancellationToken cancellationToken = default)
    {
        var path = PathOf(key);
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            return Task.CompletedTask;
        File.Delete(path);
        DurableFolder.Flush(folder);
        if (folder != Location && !Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
        return Task.CompletedTask;
    }

    private static bool TryMove(string from, string to, bool replace)
    {
        try
        {
            File.Move(from, to, replace);
            return true;
        }
        catch (IOException) when (!replace && File.Exists(to))
        {
            return false;
        }
    }

    private string PathOf(string key)
    {
        var path = Path.GetFullPath(Path.Combine(Location, key));
        var root = Path.TrimEndingDirectorySeparator(Location) + Path.DirectorySeparatorChar;
        return path.StartsWith(root, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"\"{key}\" is no key below {Location}.", nameof(key));
    }
}
