using System.Globalization;

namespace MartenEventing.LocalPostgres;

/// <summary>One database cluster in a server folder, and the programs that create, start and stop it.</summary>
internal sealed class Cluster(
    ServerFolder folder, PostgresBinaries binaries, ServerAccount account, LocalPostgresOptions options)
{
    private const int PortsToTry = 10;

    public ServerFolder Folder => folder;

    public PostgresBinaries Binaries => binaries;

    /// <summary>
    /// Creates the data folder: UTF8, locale C, data checksums, a password for the superuser postgres.
    /// </summary>
    public async Task CreateAsync(bool durable, CancellationToken cancellation)
    {
        await folder.SecureAsync(account, cancellation);
        folder.WriteNewPassword();
        await folder.CreateNewDataAsync(account, cancellation);
        await CheckReachableAsync(cancellation);
        string[] arguments =
        [
            "-D", folder.NewData, "-U", "postgres", "-E", "UTF8", "--locale=C", "-k", "--no-instructions",
            "--auth=scram-sha-256", $"--pwfile={folder.Password}",
        ];
        if (!durable)
            arguments = [.. arguments, "--no-sync"];
        var result = await RunAsync("initdb", arguments, capture: true, cancellation);
        if (!result.Succeeded)
            throw new LocalServerException("initdb could not create the data folder.", folder.Path, result.Output);
        await IncludeSettingsAsync(cancellation);
        Directory.Move(folder.NewData, folder.Data);
    }

    /// <summary>
    /// Starts the server on this port or, where it is taken, a later one, and waits until it takes connections.
    /// </summary>
    public async Task<PostmasterFile> StartAsync(
        int port, IReadOnlyDictionary<string, string> defaults, CancellationToken cancellation)
    {
        await folder.SecureAsync(account, cancellation);
        RemoveStalePostmasterFile();
        for (var attempt = 1; ; attempt++)
        {
            OwnFile.Write(folder.Settings, ServerSettings.Write(defaults, options.Settings, port), OwnFile.Readable);
            var result = await ControlAsync("start", cancellation, "-l", folder.Log);
            if (result.Succeeded && PostmasterFile.ReadRunning(folder.Data) is { } running)
                return running;
            if (PostmasterFile.ReadRunning(folder.Data) is { ProcessId: var slow })
                throw Failure($"process {slow} is not ready for connections after {options.Timeout}, and runs on");
            if (LoopbackPort.IsFree(port))
                throw Failure("see its log");
            if (attempt == PortsToTry)
                throw Failure($"port {port} and {PortsToTry - 1} others are taken");
            LogMessages.PortTaken(options.Logger, port);
            port = LoopbackPort.FirstFrom(port + 1);
        }
    }

    /// <summary>Stops the server after ending its connections; nothing happens when it does not run.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (PostmasterFile.ReadRunning(folder.Data) is null)
            return;
        var result = await ControlAsync("stop", cancellation, "-m", "fast");
        if (!result.Succeeded && PostmasterFile.ReadRunning(folder.Data) is not null)
            throw new LocalServerException("PostgreSQL did not stop.", folder.Path, result.Output);
    }

    private LocalServerException Failure(string cause) => new(
        $"PostgreSQL {binaries.Version} in {folder.Path} did not start: {cause}.", folder.Path, folder.ReadLogTail());

    private Task<ChildProcessResult> ControlAsync(string verb, CancellationToken cancellation, params string[] more)
    {
        var timeout = options.Timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        var isCaptured = verb != "start" || !OperatingSystem.IsWindows();
        return RunAsync("pg_ctl", [verb, "-D", folder.Data, "-w", "-t", timeout, .. more], isCaptured, cancellation);
    }

    private Task<ChildProcessResult> RunAsync(
        string program, string[] arguments, bool capture, CancellationToken cancellation)
    {
        var command = new Command(binaries.PathOf(program), arguments) { WorkingDirectory = folder.Path };
        return ChildProcess.RunAsync(account.Run(command), capture, cancellation);
    }

    /// <summary>In a folder of the account's it is the account that writes.</summary>
    private async Task IncludeSettingsAsync(CancellationToken cancellation)
    {
        var file = Path.Combine(folder.NewData, "postgresql.conf");
        var line = $"\ninclude '../{Path.GetFileName(folder.Settings)}'\n";
        if (account.Owner is null)
        {
            await File.AppendAllTextAsync(file, line, cancellation);
            return;
        }

        var append = new Command("/bin/sh", "-c", """printf '%s' "$1" >> "$2" """, "sh", line, file);
        var result = await ChildProcess.RunAsync(account.Run(append), cancellation);
        if (!result.Succeeded)
            throw new LocalServerException($"{file} could not be written.", folder.Path, result.Output);
    }

    /// <summary>
    /// PostgreSQL itself steps over a left-over file whose process is gone. It gives up when the process id now belongs
    /// to something else, as after a restart of a container. A server that loses its file ends itself, so the file
    /// goes only where its process is certainly no server of this folder.
    /// </summary>
    private void RemoveStalePostmasterFile()
    {
        if (PostmasterFile.Read(folder.Data) is not { ProcessId: var process } || !ProcessTable.Exists(process))
            return;
        var file = PostmasterFile.PathIn(folder.Data);
        switch (ServerProcesses.Classify(process, folder.Data))
        {
            case ServerProcess.Other:
                LogMessages.StalePostmasterFile(options.Logger, folder.Data, process);
                File.Delete(file);
                break;
            case ServerProcess.Unknown:
                throw new LocalServerException(
                    $"{file} names process {process}, a PostgreSQL that may use this folder under another name. Stop "
                    + "it; or, where it is the server of another folder, delete the file.",
                    folder.Path,
                    output: "");
        }
    }

    private async Task CheckReachableAsync(CancellationToken cancellation)
    {
        if (account.Owner is null)
            return;
        var probe = account.Run(new Command("test", "-x", folder.Path));
        if (!(await ChildProcess.RunAsync(probe, cancellation)).Succeeded)
        {
            throw new LocalServerException(
                $"PostgreSQL runs as the account {account.Owner}, which cannot reach {folder.Path}. Make the folders "
                + "above it accessible (chmod o+x), or choose another place with MARTEN_EVENTING_HOME or TMPDIR.",
                folder.Path,
                output: "");
        }
    }
}
