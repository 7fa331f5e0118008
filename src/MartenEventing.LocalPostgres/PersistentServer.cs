namespace MartenEventing.LocalPostgres;

/// <summary>
/// The one persistent server of a root directory. What it was last started with is read from its own files; a file lock
/// lets one process at a time start or stop it.
/// </summary>
internal sealed class PersistentServer
{
    private const int FirstPort = 54329;
    private readonly LocalPostgresOptions _options;
    private readonly string _root;

    public PersistentServer(LocalPostgresOptions options)
    {
        _options = options;
        _root = Path.GetFullPath(options.RootDirectory ?? UserFolders.Data());
        Folder = new ServerFolder(Path.Combine(_root, "server"));
    }

    public ServerFolder Folder { get; }

    /// <summary>
    /// Starts the server, with a new data folder if need be; one that runs already is taken as it is.
    /// </summary>
    public async Task<(Cluster Cluster, PostmasterFile Running)> StartAsync(CancellationToken cancellation)
    {
        await using var held = await LockAsync(cancellation);
        var account = await ServerAccount.CurrentAsync(cancellation);
        if (PostmasterFile.ReadRunning(Folder.Data) is { } running)
            return (await RunningClusterAsync(account, cancellation), await ReadyAsync(running, cancellation));

        var binaries = await PostgresBinaries.FindForAsync(_options, account, Folder.ReadDataVersion(), cancellation);
        var cluster = new Cluster(Folder, binaries, account, _options);
        if (Folder.ReadDataVersion() is null)
        {
            ServerFolder.Create(Folder.Path);
            await cluster.CreateAsync(durable: true, cancellation);
        }

        var port = LoopbackPort.FirstFrom(_options.Port ?? Folder.ReadPort() ?? FirstPort);
        return (cluster, await cluster.StartAsync(port, ServerSettings.Persistent, cancellation));
    }

    /// <returns>False when it did not run.</returns>
    public async Task<bool> StopAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(Folder.Path))
            return false;
        await using var held = await LockAsync(cancellation);
        if (PostmasterFile.ReadRunning(Folder.Data) is null)
            return false;
        var account = await ServerAccount.CurrentAsync(cancellation);
        await (await RunningClusterAsync(account, cancellation)).StopAsync(cancellation);
        return true;
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(_root);
        return await FileLock.TakeAsync(Path.Combine(_root, "server.lock"), _options.Timeout, cancellation);
    }

    private async Task<Cluster> RunningClusterAsync(ServerAccount account, CancellationToken cancellation)
    {
        var options = _options with { BinDirectory = Folder.ReadBinDirectory() };
        var binaries = await PostgresBinaries.FindForAsync(options, account, major: null, cancellation);
        return new Cluster(Folder, binaries, account, _options);
    }

    private async Task<PostmasterFile> ReadyAsync(PostmasterFile running, CancellationToken cancellation)
    {
        bool IsSettled() => PostmasterFile.ReadRunning(Folder.Data) is not { IsReady: false };
        var isInTime = await Poll.UntilAsync(IsSettled, _options.Timeout, cancellation);
        return isInTime && PostmasterFile.ReadRunning(Folder.Data) is { } ready
            ? ready
            : throw new LocalServerException(
                $"The server runs (process {running.ProcessId}) but does not become ready for connections.",
                Folder.Path,
                Folder.ReadLogTail());
    }
}
