namespace MartenEventing.LocalPostgres.Tests;

/// <summary>A folder of one test's own that every account may enter, deleted at its end.</summary>
public sealed class TestFolder : IDisposable
{
    public TestFolder()
    {
        Path = Directory.CreateTempSubdirectory("marten-eventing-test-").FullName;
        SetMode(Path, 0b111_101_101);
    }

    public string Path { get; }

    public string Below(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public static void SetMode(string path, int mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
