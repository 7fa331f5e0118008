namespace MartenEventing.PartitionArchive.Storage;

/// <summary>Files and folders that nobody but their owner may use, where the system has such modes.</summary>
internal static class OwnersOnly
{
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Owner = File | UnixFileMode.UserExecute;

    /// <summary>Makes a file that is not there yet.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = File;
        return new FileStream(path, options);
    }

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Owner);
    }

    /// <summary>The mode of an open file if it gives others any right, else null.</summary>
    public static UnixFileMode? Trespass(FileStream file)
    {
        if (OperatingSystem.IsWindows())
            return null;
        var mode = System.IO.File.GetUnixFileMode(file.SafeFileHandle);
        return (mode & ~Owner & (UnixFileMode)0b111_111) == 0 ? null : mode;
    }
}
