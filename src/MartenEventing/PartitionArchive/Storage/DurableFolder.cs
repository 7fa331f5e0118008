using System.Runtime.InteropServices;

namespace MartenEventing.PartitionArchive.Storage;

/// <summary>Folders whose entries survive a loss of power.</summary>
internal static class DurableFolder
{
    /// <summary>Makes a folder and those above it, for their owner alone.</summary>
    public static void Create(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(folder);
        if (parent is not null)
            Create(parent);
        OwnersOnly.CreateFolder(folder);
        if (parent is not null)
            Flush(parent);
    }

    /// <summary>Flushes the entries of a folder to the disk. Windows does that by itself.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0)
            return; // a folder that may be written and not be read: the file itself is on the disk
        try
        {
            if (Synchronize(descriptor) != 0)
                throw new IOException(
                    $"The folder {folder} cannot be flushed to the disk (errno {Marshal.GetLastPInvokeError()}).");
        }
        finally
        {
            Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronize(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
