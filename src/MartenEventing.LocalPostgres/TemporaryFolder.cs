using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace MartenEventing.LocalPostgres;

/// <summary>
/// The folder of a temporary server. As long as its creator lives it holds a lock on the file <c>owner</c> in it,
/// which the operating system releases however that process ends; a folder whose lock can be had is a leftover.
/// </summary>
internal sealed class TemporaryFolder : IAsyncDisposable
{
    private const string Prefix = "marten-eventing-pg-";
    private readonly FileStream _owner;

    private TemporaryFolder(ServerFolder server, FileStream owner)
    {
        Server = server;
        _owner = owner;
    }

    public ServerFolder Server { get; }

    public static TemporaryFolder Create(string root)
    {
        var name = Prefix + RandomNumberGenerator.GetHexString(12, lowercase: true);
        var path = Path.Combine(Path.GetFullPath(root), name);
        ServerFolder.Create(path);
        var owner = Lock(path, FileMode.CreateNew);
        owner.Write(System.Text.Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}\n")));
        owner.Flush();
        return new TemporaryFolder(new ServerFolder(path), owner);
    }

    /// <summary>Removes the servers and folders of creators that are dead, as far as they are ours.</summary>
    public static async Task SweepAsync(string root, ILogger logger)
    {
        foreach (var path in await FindOwnAsync(Path.GetFullPath(root)))
        {
            try
            {
                if (!File.Exists(OwnerFile(path)))
                    continue;
                await new TemporaryFolder(new ServerFolder(path), Lock(path, FileMode.Open)).DisposeAsync();
                LogMessages.LeftoverRemoved(logger, path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another user's, or somebody else removes it at this moment.
            }
        }
    }

    /// <summary>
    /// What anybody else has put under such a name is not to be opened, and still less to be deleted.
    /// </summary>
    private static async Task<IEnumerable<string>> FindOwnAsync(string root)
    {
        if (OperatingSystem.IsWindows())
            return Directory.EnumerateDirectories(root, Prefix + "*");
        var us = await ChildProcess.RunAsync(new Command("id", "-u"), CancellationToken.None);
        var found = await ChildProcess.RunAsync(
            new Command("find", root, "-maxdepth", "1", "-type", "d", "-name", Prefix + "*", "-user", us.Output),
            CancellationToken.None);
        return found.Output.Split('\n').Where(path => path.StartsWith(root, StringComparison.Ordinal));
    }

    /// <summary>Ends the server and deletes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (OperatingSystem.IsWindows())
            await _owner.DisposeAsync(); // An open file cannot be deleted there.
        await Server.RemoveAsync();
        await _owner.DisposeAsync();
    }

    private static FileStream Lock(string path, FileMode mode) =>
        new(OwnerFile(path), mode, FileAccess.ReadWrite, FileShare.None);

    private static string OwnerFile(string path) => Path.Combine(path, "owner");
}
