using System.Runtime.InteropServices;

namespace MartenEventing.LocalPostgres;

/// <summary>The one name of a file or folder that no symbolic link is part of.</summary>
internal static class RealPath
{
    /// <summary>The path as it is, where it leads nowhere or, as on Windows, nobody resolves it.</summary>
    public static string Of(string path)
    {
        if (OperatingSystem.IsWindows() || Resolve(path, IntPtr.Zero) is var resolved && resolved == IntPtr.Zero)
            return path;
        try
        {
            return Marshal.PtrToStringUTF8(resolved)!;
        }
        finally
        {
            Free(resolved);
        }
    }

    [DllImport("libc", EntryPoint = "realpath")]
    private static extern IntPtr Resolve([MarshalAs(UnmanagedType.LPUTF8Str)] string path, IntPtr buffer);

    [DllImport("libc", EntryPoint = "free")]
    private static extern void Free(IntPtr memory);
}
