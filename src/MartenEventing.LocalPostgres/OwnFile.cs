using System.Security.Cryptography;

namespace MartenEventing.LocalPostgres;

/// <summary>
/// Files that we write beside a server's data. Where we are root and the server is not, a link that its account has
/// left under such a name would lead root's hand elsewhere: so a file is made new, under a name of its own, and takes
/// its place whole.
/// </summary>
internal static class OwnFile
{
    /// <summary>Readable by everybody.</summary>
    public const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>For the owner alone.</summary>
    public const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Puts a text in the place of whatever bears this name; of a link the link, and not what it names.
    /// </summary>
    public static void Write(string path, string text, UnixFileMode mode)
    {
        var made = $"{path}.{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        try
        {
            using (var writer = new StreamWriter(made, options))
                writer.Write(text);
            File.Move(made, path, overwrite: true);
        }
        catch
        {
            File.Delete(made);
            throw;
        }
    }

    /// <summary>Whether something bears this name that is a link.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
