namespace MartenEventing.LocalPostgres.Tests.Breaking;

/// <summary>paperclip#11871, timescaledb-docker-ha#38: never touch the pid file of a server that lives.</summary>
public sealed class LiveServerTests : IAsyncLifetime
{
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
        var link = _folder.Below("link");
        Directory.CreateSymbolicLink(link, _options.RootDirectory!);

        (await LocalServer.StatusAsync(_options with { RootDirectory = link })).ProcessId.ShouldBe(server.ProcessId);
    }

    [Fact]
    public async Task a_start_by_another_name_of_the_folder_leaves_the_running_server_its_pid_file()
    {
        await using var server = await LocalServer.StartPersistentAsync(_options);
        var link = _folder.Below("link");
        Directory.CreateSymbolicLink(link, _options.RootDirectory!);

        Exception? error = null;
        try
        {
            await using var again = await LocalServer.StartPersistentAsync(_options with { RootDirectory = link });
        }
        catch (LocalServerException cannot)
        {
            error = cannot;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{error}");
        File.Exists(PostmasterFile.PathIn(server.DataDirectory)).ShouldBeTrue();
        (await LocalServer.StatusAsync(_options)).ProcessId.ShouldBe(server.ProcessId);
    }

    /// <summary>The watchdog of a killed owner stops the server without the lock: a start that comes just then must wait.</summary>
    [Fact]
    public async Task a_start_while_the_server_is_shutting_down_waits_and_starts_it_anew()
    {
        await using var server = await LocalServer.StartPersistentAsync(_options);
        await using var source = Npgsql.NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false");
        var open = await source.OpenConnectionAsync();
        ProcessTable.Signal(server.ProcessId, 15); // Smart: waits for the connection.
        await Poll.UntilAsync(
            () => PostmasterFile.ReadRunning(server.DataDirectory) is { State: "stopping" }, TimeSpan.FromSeconds(10));

        var start = LocalServer.StartPersistentAsync(_options);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TestContext.Current.CancellationToken);
        await open.DisposeAsync();
        await using var again = await start;

        (await Sql.ScalarAsync(again.ConnectionString, "SELECT 1")).ShouldBe(1);
    }
}
