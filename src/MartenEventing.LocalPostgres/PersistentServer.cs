using System.Text.RegularExpressions;

namespace MartenEventing.LocalPostgres;

/// <summary>
/// The one persistent server of a name in a root directory. What it was last started with is read from its own files;
/// a file lock lets one process at a time start or stop it.
/// </summary>
internal sealed partial class PersistentServer
{
    private const int FirstPort = 54329;
    private readonly LocalPostgresOptions _options;
    private readonly string _root;

    public PersistentServer(LocalPostgresOptions options)
    {
        if (!ServerName().IsMatch(options.Name))
        {
            throw new ArgumentException(
                $"LocalPostgresOptions.Name is \"{options.Name}\". Allowed: letters, digits, hyphens and underscores.",
                nameof(options));
        }

        _options = options;
        _root = Path.GetFullPath(options.RootDirectory ?? UserFolders.Data());
        Folder = new ServerFolder(Path.Combine(_root, options.Name));
    }

    public ServerFolder Folder { get; }

    /// <summary>Does something in its folder, and says how to choose another where that cannot be used.</summary>
    public Task<T> UseAsync<T>(Func<Task<T>> action) => OwnFolders.UseAsync(
        _root,
        _options.RootDirectory is null ? UserFolders.DataVariable : OwnFolders.RootSetting,
        action);

    /// <summary>
    /// Starts the server, with a new data folder if need be; one that runs already is taken as it is.
    /// </summary>
    public async Task<(Cluster Cluster, PostmasterFile Running, bool IsOurs)> StartAsync(
        CancellationToken cancellation)
    {
        await using var held = await LockAsync(cancellation);
        var account = await ServerAccount.CurrentAsync(cancellation);
        if (PostmasterFile.ReadRunning(Folder.Data) is { } running
            && await ReadyOrEndedAsync(running, cancellation) is { } ready)
            return (await RunningClusterAsync(account, cancellation), ready, IsOurs: false);

        var binaries = await PostgresBinaries.FindForAsync(_options, account, Folder.ReadDataVersion(), cancellation);
        var cluster = new Cluster(Folder, binaries, account, _options);
        if (Folder.ReadDataVersion() is null)
        {
            ServerFolder.Create(Folder.Path);
            await cluster.CreateAsync(durable: true, cancellation);
        }

        var port = LoopbackPort.FirstFrom(_options.Port ?? Folder.ReadPort() ?? FirstPort);
        var started = await cluster.StartAsync(port, ServerSettings.Persistent, cancellation);
        if (_options.EndsWithProcess)
            Folder.WriteOwner(started.ProcessId);
        else
            Folder.DeleteOwner();
        return (cluster, started, IsOurs: true);
    }

    /// <summary>Stops the server; with <paramref name="only"/>, if that is its process.</summary>
    /// <returns>False when it did not run.</returns>
    public async Task<bool> StopAsync(CancellationToken cancellation, int? only = null)
    {
        if (!Directory.Exists(Folder.Path))
            return false;
        await using var held = await LockAsync(cancellation);
        if (PostmasterFile.ReadRunning(Folder.Data) is not { ProcessId: var process } || (only ?? process) != process)
            return false;
        var account = await ServerAccount.CurrentAsync(cancellation);
        await (await RunningClusterAsync(account, cancellation)).StopAsync(cancellation);
        return true;
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(_root);
        return await FileLock.TakeAsync(Path.Combine(_root, $"{_options.Name}.lock"), _options.Timeout, cancellation);
    }

    private async Task<Cluster> RunningClusterAsync(ServerAccount account, CancellationToken cancellation)
    {
        var options = _options with { BinDirectory = Folder.ReadBinDirectory() };
        var binaries = await PostgresBinaries.FindForAsync(options, account, major: null, cancellation);
        return new Cluster(Folder, binaries, account, _options);
    }

    /// <summary>
    /// Waits for a server that is starting or stopping: whoever started it may end it without our lock, and a watchdog
    /// always does.
    /// </summary>
    /// <returns>Null when it has ended.</returns>
    private async Task<PostmasterFile?> ReadyOrEndedAsync(PostmasterFile running, CancellationToken cancellation)
    {
        if (!running.IsReady)
            LogMessages.Waiting(_options.Logger, running.ProcessId, running.State);
        bool IsSettled() => PostmasterFile.ReadRunning(Folder.Data) is not { IsReady: false };
        if (await Poll.UntilAsync(IsSettled, _options.Timeout, cancellation))
            return PostmasterFile.ReadRunning(Folder.Data);
        throw new LocalServerException(
            $"The server (process {running.ProcessId}) has been {running.State} for {_options.Timeout}: it neither "
            + "becomes ready for connections nor ends.",
            Folder.Path,
            Folder.ReadLogTail());
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex ServerName();
}
