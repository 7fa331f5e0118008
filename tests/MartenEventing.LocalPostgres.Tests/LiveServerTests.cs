using System.Diagnostics;
using Npgsql;

namespace MartenEventing.LocalPostgres.Tests;

/// <summary>A server that loses its pid file shuts itself down: the file of one that lives is never touched.</summary>
public sealed class LiveServerTests : IAsyncLifetime
{
    private const int Terminate = 15; // A smart shutdown: waits until the last connection is closed.
    private readonly TestFolder _folder = new();
    private readonly LocalPostgresOptions _options;

    public LiveServerTests() =>
        _options = new LocalPostgresOptions { RootDirectory = _folder.Below("home"), Port = LoopbackPort.Any() };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await LocalServer.StopPersistentAsync(_options);
        _folder.Dispose();
    }

    [Fact]
    public async Task a_server_reached_by_another_name_of_its_folder_is_found_running()
    {
        await using var server = await LocalServer.StartPersistentAsync(_options);

        (await LocalServer.StatusAsync(ByAnotherName())).ProcessId.ShouldBe(server.ProcessId);
    }

    [Fact]
    public async Task a_start_by_another_name_of_the_folder_takes_the_server_that_runs()
    {
        await using var server = await LocalServer.StartPersistentAsync(_options);

        await using var again = await LocalServer.StartPersistentAsync(ByAnotherName());

        again.ProcessId.ShouldBe(server.ProcessId);
        File.Exists(PostmasterFile.PathIn(server.DataDirectory)).ShouldBeTrue();
        (await LocalServer.StatusAsync(_options)).ProcessId.ShouldBe(server.ProcessId);
    }

    /// <summary>Its pid file is that of the other, so it might be a second mount of the same folder.</summary>
    [Fact]
    public async Task a_copy_of_the_folder_of_a_running_server_is_not_started_and_the_error_says_why()
    {
        Assert.SkipUnless(ProcessTable.HasProc, "Only /proc tells in which folder a server works.");
        await using var server = await LocalServer.StartPersistentAsync(_options);
        var copy = _options with { RootDirectory = _folder.Below("copy") };
        await Process.Start("cp", ["-a", _options.RootDirectory!, copy.RootDirectory]).WaitForExitAsync();

        var error = await Should.ThrowAsync<LocalServerException>(() => LocalServer.StartPersistentAsync(copy));

        var file = PostmasterFile.PathIn(_folder.Below("copy", "server", "data"));
        error.Message.ShouldBe(
            $"{file} names process {server.ProcessId}, a PostgreSQL that may use this folder under another name. Stop "
            + "it; or, where it is the server of another folder, delete the file.");
        File.Exists(file).ShouldBeTrue();
    }

    [Fact]
    public async Task a_left_over_pid_file_that_names_the_server_of_another_folder_does_not_stop_a_start()
    {
        await using var other = await LocalServer.StartTemporaryAsync();
        await using var server = await LocalServer.StartPersistentAsync(_options);
        await server.CrashAsync();
        var file = PostmasterFile.PathIn(server.DataDirectory);
        await File.WriteAllLinesAsync(file, [$"{other.ProcessId}", .. (await File.ReadAllLinesAsync(file)).Skip(1)]);

        await using var again = await LocalServer.StartPersistentAsync(_options);

        (await Sql.ScalarAsync(again.ConnectionString, "SELECT 1")).ShouldBe(1);
        (await Sql.ScalarAsync(other.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    /// <summary>The watchdog of a killed owner stops the server without the lock: a start may come just then.</summary>
    [Fact]
    public async Task a_start_while_the_server_is_shutting_down_waits_and_starts_it_anew()
    {
        await using var server = await LocalServer.StartPersistentAsync(_options);
        await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false");
        var open = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        ProcessTable.Signal(server.ProcessId, Terminate);
        (await Poll.UntilAsync(
            () => PostmasterFile.ReadRunning(server.DataDirectory) is { State: "stopping" },
            TimeSpan.FromMinutes(1),
            TestContext.Current.CancellationToken)).ShouldBeTrue();
        var waiting = new SignalLogger("Waiting for the server");

        var start = LocalServer.StartPersistentAsync(_options with { Logger = waiting });
        await waiting.Logged;
        await open.DisposeAsync();
        await using var again = await start;

        again.ProcessId.ShouldNotBe(server.ProcessId);
        (await Sql.ScalarAsync(again.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    private LocalPostgresOptions ByAnotherName()
    {
        var link = _folder.Below("link");
        Directory.CreateSymbolicLink(link, _options.RootDirectory!);
        return _options with { RootDirectory = link };
    }
}
