using Npgsql;

namespace MartenEventing.LocalPostgres;

/// <summary>
/// A PostgreSQL server of our own, on 127.0.0.1 only, with a superuser <c>postgres</c> and a random password.
/// </summary>
public sealed class LocalServer : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly LocalPostgresOptions _options;
    private readonly string _password;
    private TemporaryFolder? _temporary;
    private PersistentServer? _persistent;
    private Watchdog? _watchdog;

    private LocalServer(Cluster cluster, IReadOnlyDictionary<string, string> settings, LocalPostgresOptions options)
    {
        _cluster = cluster;
        _settings = settings;
        _options = options;
        _password = cluster.Folder.ReadPassword();
    }

    /// <summary>The folder of the databases.</summary>
    public string DataDirectory => _cluster.Folder.Data;

    /// <summary>The folder of the programs that the server runs from.</summary>
    public string BinDirectory => _cluster.Binaries.BinDirectory;

    /// <summary>The version of PostgreSQL, such as 17.10.</summary>
    public Version Version => _cluster.Binaries.Version;

    /// <summary>The TCP port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>The process id of the server's first process (the postmaster); changes with a restart.</summary>
    public int ProcessId { get; private set; }

    /// <summary>
    /// The process with which the server ends: ours, or the one that started a persistent server with
    /// <see cref="LocalPostgresOptions.EndsWithProcess"/> before us. Null when it outlives whoever started it.
    /// </summary>
    public int? OwnerProcessId { get; private set; }

    /// <summary>The connection string of the database <c>postgres</c>, as superuser.</summary>
    public string ConnectionString => ConnectionStringFor("postgres");

    /// <summary>
    /// Starts a server that lives no longer than this process. It is removed with its data by
    /// <see cref="DisposeAsync"/>, else when the process ends, however it ends (on Windows: when the next temporary
    /// server starts). It does without fsync: nothing is lost when its processes are killed, everything may be when
    /// the machine stops.
    /// </summary>
    /// <exception cref="PostgresNotFoundException">No binaries were found.</exception>
    /// <exception cref="LocalServerException">The server could not be created or started.</exception>
    public static async Task<LocalServer> StartTemporaryAsync(
        LocalPostgresOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new LocalPostgresOptions();
        var root = options.RootDirectory ?? Path.GetTempPath();
        var setting = options.RootDirectory is null ? UserFolders.TemporaryVariable : OwnFolders.RootSetting;
        return await OwnFolders.UseAsync(root, setting, () => StartTemporaryAsync(root, options, cancellationToken));
    }

    /// <summary>
    /// Starts the persistent server of the root directory, creating it if need be: UTF8, locale C, UTC, data
    /// checksums. It goes on running when this process ends, unless
    /// <see cref="LocalPostgresOptions.EndsWithProcess"/>. When it runs already it is taken as it is; port and settings
    /// of the options then count from its next start on.
    /// </summary>
    /// <exception cref="PostgresNotFoundException">
    /// No binaries, or none of the version of the data, were found.
    /// </exception>
    /// <exception cref="LocalServerException">The server could not be created or started.</exception>
    public static async Task<LocalServer> StartPersistentAsync(
        LocalPostgresOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new LocalPostgresOptions();
        var persistent = new PersistentServer(options);
        return await persistent.UseAsync(() => StartAsync(persistent, options, cancellationToken));
    }

    /// <summary>Stops the persistent server of the root directory after ending its connections.</summary>
    /// <returns>False when it did not run.</returns>
    /// <exception cref="LocalServerException">The server did not stop.</exception>
    public static Task<bool> StopPersistentAsync(
        LocalPostgresOptions? options = null, CancellationToken cancellationToken = default)
    {
        var persistent = new PersistentServer(options ?? new LocalPostgresOptions());
        return persistent.UseAsync(() => persistent.StopAsync(cancellationToken));
    }

    /// <summary>Tells whether the persistent server of the root directory runs, and how to reach it.</summary>
    public static Task<LocalServerStatus> StatusAsync(
        LocalPostgresOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var persistent = new PersistentServer(options ?? new LocalPostgresOptions());
        return persistent.UseAsync(() => Task.FromResult(StatusOf(persistent.Folder)));
    }

    /// <summary>The connection string of this database, as superuser.</summary>
    public string ConnectionStringFor(string database) => Connect(Port, _password, database);

    /// <summary>
    /// Kills all processes of the server at once with SIGKILL, as a crash would; for tests of what survives that.
    /// </summary>
    /// <exception cref="LocalServerException">A process survived, or the server did not run.</exception>
    public async Task CrashAsync()
    {
        if (!await _cluster.Folder.KillServerAsync())
        {
            throw new LocalServerException(
                "The server could not be killed. Does it run?", _cluster.Folder.Path, output: "");
        }
    }

    /// <summary>
    /// Starts the server again on the same data and, unless it has been taken meanwhile, the same port, and waits
    /// until it has recovered and takes connections. A server that runs is stopped first.
    /// </summary>
    /// <exception cref="LocalServerException">The server did not start.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        await StartAsync(Port, cancellationToken);
        if (_persistent is null)
            return;
        _watchdog?.Dispose();
        _cluster.Folder.WriteOwner(ProcessId);
        _watchdog = await Watchdog.StartAsync(_cluster.Folder.Path, ProcessId);
    }

    /// <summary>Ends all connections and stops the server; nothing happens when it does not run.</summary>
    /// <exception cref="LocalServerException">The server did not stop.</exception>
    public Task StopAsync(CancellationToken cancellationToken = default) => _cluster.StopAsync(cancellationToken);

    /// <summary>
    /// Removes a temporary server with its data. A persistent one goes on running, unless this process started it with
    /// <see cref="LocalPostgresOptions.EndsWithProcess"/>: that is stopped.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _temporary, null) is { } temporary)
            await temporary.DisposeAsync();
        if (Interlocked.Exchange(ref _persistent, null) is { } persistent)
            await persistent.StopAsync(CancellationToken.None, only: ProcessId);
        Interlocked.Exchange(ref _watchdog, null)?.Dispose();
    }

    private static async Task<LocalServer> StartTemporaryAsync(
        string root, LocalPostgresOptions options, CancellationToken cancellationToken)
    {
        var account = await ServerAccount.CurrentAsync(cancellationToken);
        var binaries = await PostgresBinaries.FindForAsync(options, account, major: null, cancellationToken);
        Directory.CreateDirectory(root);
        await TemporaryFolder.SweepAsync(root, options.Logger);

        var folder = TemporaryFolder.Create(root);
        Watchdog? watchdog = null;
        try
        {
            watchdog = await Watchdog.StartAsync(folder.Server.Path, cancellationToken);
            var cluster = new Cluster(folder.Server, binaries, account, options);
            await cluster.CreateAsync(durable: false, cancellationToken);
            var server = new LocalServer(cluster, ServerSettings.Temporary, options)
            {
                _temporary = folder,
                _watchdog = watchdog,
                OwnerProcessId = Environment.ProcessId,
            };
            await server.StartAsync(options.Port ?? LoopbackPort.Any(), cancellationToken);
            return server;
        }
        catch
        {
            await folder.DisposeAsync();
            watchdog?.Dispose();
            throw;
        }
    }

    private static async Task<LocalServer> StartAsync(
        PersistentServer persistent, LocalPostgresOptions options, CancellationToken cancellationToken)
    {
        var (cluster, running, isOurs) = await persistent.StartAsync(cancellationToken);
        var server = new LocalServer(cluster, ServerSettings.Persistent, options);
        server.Know(running);
        server.OwnerProcessId = cluster.Folder.ReadOwner(running.ProcessId);
        if (isOurs && options.EndsWithProcess)
        {
            server._persistent = persistent;
            server._watchdog = await Watchdog.StartAsync(cluster.Folder.Path, running.ProcessId);
        }

        return server;
    }

    private static LocalServerStatus StatusOf(ServerFolder folder)
    {
        var running = PostmasterFile.ReadRunning(folder.Data);
        return new LocalServerStatus(
            running is not null,
            running?.ProcessId,
            running?.Port ?? folder.ReadPort(),
            folder.Data,
            folder.ReadDataVersion(),
            running is null ? null : Connect(running.Port, folder.ReadPassword(), "postgres"));
    }

    private static string Connect(int port, string password, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = "postgres",
        Password = password,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    private async Task StartAsync(int port, CancellationToken cancellationToken) =>
        Know(await _cluster.StartAsync(port, _settings, cancellationToken));

    private void Know(PostmasterFile running)
    {
        Port = running.Port;
        ProcessId = running.ProcessId;
        LogMessages.Started(_options.Logger, _cluster.Binaries.Version, Port, DataDirectory);
    }
}
