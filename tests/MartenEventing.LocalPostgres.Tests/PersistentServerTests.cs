using System.Net;
using System.Net.Sockets;

namespace MartenEventing.LocalPostgres.Tests;

public sealed class PersistentServerTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly LocalPostgresOptions _options;

    public PersistentServerTests() =>
        _options = new LocalPostgresOptions { RootDirectory = _folder.Below("home"), Port = LoopbackPort.Any() };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await LocalServer.StopPersistentAsync(_options);
        _folder.Dispose();
    }

    [Fact]
    public async Task it_runs_on_after_disposal_and_keeps_data_and_port_over_a_stop()
    {
        int port;
        await using (var first = await LocalServer.StartPersistentAsync(_options))
        {
            port = first.Port;
            await Sql.ScalarAsync(first.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
        }

        (await LocalServer.StatusAsync(_options)).IsRunning.ShouldBeTrue();
        (await LocalServer.StopPersistentAsync(_options)).ShouldBeTrue();
        await using var second = await LocalServer.StartPersistentAsync(_options with { Port = null });

        second.Port.ShouldBe(port);
        (await Sql.ScalarAsync(second.ConnectionString, "SELECT answer FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task starting_a_running_server_and_stopping_a_stopped_one_do_nothing()
    {
        await using var first = await LocalServer.StartPersistentAsync(_options);
        await using var second = await LocalServer.StartPersistentAsync(_options);

        second.ProcessId.ShouldBe(first.ProcessId);
        second.BinDirectory.ShouldBe(first.BinDirectory);
        (await LocalServer.StopPersistentAsync(_options)).ShouldBeTrue();
        (await LocalServer.StopPersistentAsync(_options)).ShouldBeFalse();
    }

    [Fact]
    public async Task the_status_tells_how_to_reach_it_and_after_a_stop_what_is_left()
    {
        (await LocalServer.StatusAsync(_options)).ShouldBe(new LocalServerStatus(
            IsRunning: false, null, null, _folder.Below("home", "server", "data"), null, null));

        await using var server = await LocalServer.StartPersistentAsync(_options);
        var running = await LocalServer.StatusAsync(_options);
        await LocalServer.StopPersistentAsync(_options);

        var major = running.MajorVersion;
        running.ShouldBe(new LocalServerStatus(
            IsRunning: true, server.ProcessId, server.Port, server.DataDirectory, major, server.ConnectionString));
        (await LocalServer.StatusAsync(_options)).ShouldBe(new LocalServerStatus(
            IsRunning: false, null, server.Port, server.DataDirectory, major, null));
    }

    [Fact]
    public async Task its_databases_have_utf8_locale_c_utc_and_checksums()
    {
        await using var server = await LocalServer.StartPersistentAsync(_options);

        var facts = await Sql.ScalarAsync(
            server.ConnectionString,
            "SELECT concat_ws(' ', pg_encoding_to_char(encoding), datcollate, current_setting('timezone'), "
            + "current_setting('data_checksums'), current_setting('fsync')) "
            + "FROM pg_database WHERE datname = 'postgres'");

        facts.ShouldBe("UTF8 C UTC on on");
    }

    [Fact]
    public async Task several_starting_it_at_once_share_one_server()
    {
        var servers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(() => LocalServer.StartPersistentAsync(_options))));

        servers.Select(server => server.ProcessId).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task a_port_in_use_is_passed_over_and_the_one_found_remembered()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        await using var server = await LocalServer.StartPersistentAsync(_options with { Port = taken });

        server.Port.ShouldBeGreaterThan(taken);
        (await LocalServer.StatusAsync(_options)).Port.ShouldBe(server.Port);
        (await Sql.ScalarAsync(server.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task a_pid_file_whose_process_id_now_belongs_to_another_program_does_not_stop_it()
    {
        await using var server = await LocalServer.StartPersistentAsync(_options);
        await server.CrashAsync();
        var file = PostmasterFile.PathIn(server.DataDirectory);
        using var stranger = await ServerAccountProcess.StartAsync();
        await File.WriteAllLinesAsync(file, [$"{stranger.Id}", .. (await File.ReadAllLinesAsync(file)).Skip(1)]);

        (await LocalServer.StatusAsync(_options)).IsRunning.ShouldBeFalse();
        await using var again = await LocalServer.StartPersistentAsync(_options);

        (await Sql.ScalarAsync(again.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task a_pid_file_left_by_a_crash_does_not_stop_it()
    {
        await using var server = await LocalServer.StartPersistentAsync(_options);
        await server.CrashAsync();
        File.Exists(PostmasterFile.PathIn(server.DataDirectory)).ShouldBeTrue();

        await using var again = await LocalServer.StartPersistentAsync(_options);

        again.Port.ShouldBe(server.Port);
    }

    [Fact]
    public async Task a_data_folder_that_was_never_completed_is_made_anew()
    {
        Directory.CreateDirectory(_folder.Below("home", "server", "data.new", "base"));

        await using var server = await LocalServer.StartPersistentAsync(_options);

        Directory.Exists(_folder.Below("home", "server", "data.new")).ShouldBeFalse();
    }

    [Fact]
    public async Task data_of_a_version_without_binaries_is_left_alone_with_an_error_that_says_so()
    {
        var data = Directory.CreateDirectory(_folder.Below("home", "server", "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "11\n");

        var error = await Should.ThrowAsync<PostgresNotFoundException>(
            () => LocalServer.StartPersistentAsync(_options));

        error.Message.ShouldContain("the data folder needs version 11");
    }

    [Fact]
    public async Task servers_of_different_names_share_nothing()
    {
        var other = _options with { Name = "other", EndsWithProcess = true };
        await using var first = await LocalServer.StartPersistentAsync(_options);
        await using var second = await LocalServer.StartPersistentAsync(other);

        second.ProcessId.ShouldNotBe(first.ProcessId);
        second.DataDirectory.ShouldBe(_folder.Below("home", "other", "data"));
    }

    [Fact]
    public async Task a_name_that_leads_out_of_the_root_directory_is_refused()
    {
        var error = await Should.ThrowAsync<ArgumentException>(
            () => LocalServer.StartPersistentAsync(_options with { Name = "../x" }));

        error.Message.ShouldStartWith(
            "LocalPostgresOptions.Name is \"../x\". Allowed: letters, digits, hyphens and underscores.");
    }

    [Fact]
    public async Task one_that_ends_with_the_process_stops_when_it_is_disposed_and_its_data_stay()
    {
        var ending = _options with { EndsWithProcess = true };
        await using (var first = await LocalServer.StartPersistentAsync(ending))
        {
            await Sql.ScalarAsync(first.ConnectionString, "CREATE TABLE kept AS SELECT 42 AS answer");
            await first.RestartAsync();
        }

        (await LocalServer.StatusAsync(_options)).IsRunning.ShouldBeFalse();
        await using var second = await LocalServer.StartPersistentAsync(ending);

        (await Sql.ScalarAsync(second.ConnectionString, "SELECT answer FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task who_found_it_running_does_not_stop_it()
    {
        await using var first = await LocalServer.StartPersistentAsync(_options);
        await using (await LocalServer.StartPersistentAsync(_options with { EndsWithProcess = true }))
        {
        }

        (await LocalServer.StatusAsync(_options)).ProcessId.ShouldBe(first.ProcessId);
    }

    [Fact]
    public async Task who_finds_it_running_learns_with_which_process_it_ends()
    {
        var ending = _options with { EndsWithProcess = true };
        await using (await LocalServer.StartPersistentAsync(ending))
        {
            await using var found = await LocalServer.StartPersistentAsync(_options);
            found.OwnerProcessId.ShouldBe(Environment.ProcessId);
        }

        await using (await LocalServer.StartPersistentAsync(_options))
        {
            await using var found = await LocalServer.StartPersistentAsync(ending);
            found.OwnerProcessId.ShouldBeNull();
        }
    }

    [Fact]
    public async Task a_folder_that_cannot_be_used_is_told_with_the_setting_that_leads_elsewhere()
    {
        var file = _folder.Below("file");
        await File.WriteAllTextAsync(file, "");
        var below = _options with { RootDirectory = Path.Combine(file, "home") };

        foreach (var start in new[] { LocalServer.StartPersistentAsync, LocalServer.StartTemporaryAsync })
        {
            var error = await Should.ThrowAsync<LocalServerException>(() => start(below, default));
            error.Directory.ShouldBe(below.RootDirectory);
            error.Message.ShouldStartWith($"The folder {below.RootDirectory} cannot be used: ");
            error.Message.ShouldEndWith(" Set LocalPostgresOptions.RootDirectory to a folder that you may write to.");
        }
    }
}
