using System.Globalization;
using System.Security.Cryptography;

namespace MartenEventing.LocalPostgres;

/// <summary>
/// The folder of one server: its data, and beside it the log, our settings and the superuser's password. Where root's
/// servers run as another account, data and log are that account's, and the folder with all else is root's.
/// </summary>
internal sealed record ServerFolder(string Path)
{
    private const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Passable = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Data { get; } = System.IO.Path.Combine(Path, "data");

    /// <summary>Where the data folder is made; it is moved to its place when it is complete.</summary>
    public string NewData { get; } = System.IO.Path.Combine(Path, "data.new");

    public string Log { get; } = System.IO.Path.Combine(Path, "server.log");

    public string Settings { get; } = System.IO.Path.Combine(Path, "server.conf");

    public string Password { get; } = System.IO.Path.Combine(Path, "password");

    private string Owner { get; } = System.IO.Path.Combine(Path, "ends-with");

    /// <summary>The process with which this server ends; null when it outlives whoever started it.</summary>
    public int? ReadOwner(int server) =>
        File.Exists(Owner) && File.ReadAllText(Owner).Split(' ') is [var process, var served]
            && served == Text(server) && int.TryParse(process, CultureInfo.InvariantCulture, out var owner)
            ? owner
            : null;

    /// <summary>
    /// Notes that this server ends with our process. It names the server, so that no later one is meant.
    /// </summary>
    public void WriteOwner(int server) =>
        OwnFile.Write(Owner, $"{Text(Environment.ProcessId)} {Text(server)}", OwnFile.Readable);

    /// <summary>Notes that the server outlives us.</summary>
    public void DeleteOwner() => File.Delete(Owner);

    /// <summary>The major version of the server that made the data; null when there is none yet.</summary>
    public int? ReadDataVersion()
    {
        var file = System.IO.Path.Combine(Data, "PG_VERSION");
        return File.Exists(file) ? int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The port that was last written to the settings; null when there are none.</summary>
    public int? ReadPort() =>
        File.Exists(Settings) ? ServerSettings.ReadPort(File.ReadLines(Settings)) : null;

    /// <summary>The folder of the programs that the server was last started from.</summary>
    public string? ReadBinDirectory()
    {
        // The program, then each argument in quotation marks.
        var file = System.IO.Path.Combine(Data, "postmaster.opts");
        var program = File.Exists(file) ? File.ReadAllText(file).Split(" \"")[0].Trim() : null;
        return System.IO.Path.GetDirectoryName(program);
    }

    /// <summary>Creates the folder, readable by its owner only; an existing one is left as it is.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }

    /// <exception cref="LocalServerException">It is a link.</exception>
    public string ReadPassword() => OwnFile.IsLink(Password)
        ? throw new LocalServerException(
            $"{Password} is a link, which is not followed. Put the password of the superuser postgres in its place.",
            Path,
            output: "")
        : File.ReadAllText(Password);

    public void WriteNewPassword() => OwnFile.Write(
        Password, RandomNumberGenerator.GetHexString(32, lowercase: true), OwnFile.Closed);

    /// <summary>The last lines of the server's log; empty when there is none.</summary>
    public string ReadLogTail() => File.Exists(Log) && !OwnFile.IsLink(Log)
        ? string.Join(Environment.NewLine, File.ReadLines(Log).TakeLast(15))
        : "";

    /// <summary>
    /// Where the server runs as another account: from here on the folder is ours, and the account makes nothing in it
    /// but its data and its log.
    /// </summary>
    public async Task SecureAsync(ServerAccount account, CancellationToken cancellation)
    {
        if (account.Owner is null || OperatingSystem.IsWindows())
            return;
        await ServerAccount.GiveAsync(ServerAccount.Root, Path, cancellation);
        File.SetUnixFileMode(Path, Passable);
        foreach (var name in (string[])[Settings, Owner, Log, NewData])
        {
            if (OwnFile.IsLink(name))
                File.Delete(name);
        }

        if (!File.Exists(Log))
        {
            OwnFile.Write(Log, "", OwnFile.Closed);
            await ServerAccount.GiveAsync(account.Owner, Log, cancellation);
        }
    }

    /// <summary>Makes the empty folder that initdb fills, anew.</summary>
    public async Task CreateNewDataAsync(ServerAccount account, CancellationToken cancellation)
    {
        if (Directory.Exists(NewData))
            Directory.Delete(NewData, recursive: true);
        if (account.Owner is null)
            return;
        Create(NewData);
        await ServerAccount.GiveAsync(account.Owner, NewData, cancellation);
        await ServerAccount.GiveAsync(account.Owner, Password, cancellation);
    }

    /// <summary>Ends the server on this folder at once, if one runs, and deletes the folder.</summary>
    public async Task RemoveAsync()
    {
        var server = PostmasterFile.Read(Data);
        await EndServerAsync();
        if (server is not null)
            SharedMemory.Remove(server);
        for (var attempt = 1; Directory.Exists(Path); attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (attempt < 50)
            {
                // A process of the server that still ends may write a last file.
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    /// <summary>Kills the server with all its processes, so that none of them can do anything more.</summary>
    /// <returns>False when no server ran.</returns>
    public async Task<bool> KillServerAsync()
    {
        if (PostmasterFile.ReadRunning(Data) is not { ProcessId: var postmaster })
            return false;
        if (!OperatingSystem.IsWindows())
            ProcessTable.Signal(postmaster, ProcessTable.Stop); // It must not start another child meanwhile.
        int[] all = [.. ProcessTable.ChildrenOf(postmaster), postmaster];
        foreach (var process in all)
            ProcessTable.Signal(process, ProcessTable.Kill);
        return await Poll.UntilAsync(() => !all.Any(ProcessTable.IsRunning), TimeSpan.FromSeconds(30));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task EndServerAsync()
    {
        if (PostmasterFile.ReadRunning(Data) is not { ProcessId: var postmaster })
            return;
        ProcessTable.Signal(postmaster, ProcessTable.Quit);
        if (!await Poll.UntilAsync(() => !ProcessTable.IsRunning(postmaster), TimeSpan.FromSeconds(10)))
            await KillServerAsync();
    }
}
