using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MartenEventing.LocalPostgres.Tests;

public sealed class TemporaryServerTests
{
    [Fact]
    public async Task it_takes_connections_and_is_gone_with_its_folder_when_disposed()
    {
        var server = await LocalServer.StartTemporaryAsync();
        var folder = Path.GetDirectoryName(server.DataDirectory)!;
        (await Sql.ScalarAsync(server.ConnectionString, "SHOW timezone")).ShouldBe("UTC");

        await server.DisposeAsync();

        Directory.Exists(folder).ShouldBeFalse();
        ProcessTable.IsRunning(server.ProcessId).ShouldBeFalse();
    }

    [Fact]
    public async Task settings_of_the_options_win()
    {
        await using var server = await LocalServer.StartTemporaryAsync(new LocalPostgresOptions
        {
            Settings = new Dictionary<string, string> { ["fsync"] = "on", ["application_name"] = "it's me" },
        });

        (await Sql.ScalarAsync(server.ConnectionString, "SHOW fsync")).ShouldBe("on");
        (await Sql.ScalarAsync(server.ConnectionString, "SHOW full_page_writes")).ShouldBe("on");
        (await Sql.ScalarAsync(server.ConnectionString, "SHOW application_name")).ShouldBe("it's me");
    }

    [Fact]
    public async Task a_setting_that_is_no_name_is_refused_with_its_name()
    {
        var options = new LocalPostgresOptions { Settings = new Dictionary<string, string> { ["x = 1\ny"] = "2" } };

        var error = await Should.ThrowAsync<ArgumentException>(() => LocalServer.StartTemporaryAsync(options));

        error.Message.ShouldStartWith(
            "LocalPostgresOptions.Settings: \"x = 1\ny\" is not the name of a PostgreSQL setting.");
    }

    [Fact]
    public async Task a_setting_the_server_refuses_is_an_error_with_the_log()
    {
        using var folder = new TestFolder();
        var options = new LocalPostgresOptions
        {
            RootDirectory = folder.Path,
            Settings = new Dictionary<string, string> { ["shared_buffers"] = "a lot" },
        };

        var error = await Should.ThrowAsync<LocalServerException>(() => LocalServer.StartTemporaryAsync(options));

        error.Output.ShouldContain("shared_buffers");
        Directory.GetDirectories(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_port_in_use_is_passed_over()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        await using var server = await LocalServer.StartTemporaryAsync(new LocalPostgresOptions { Port = taken });

        server.Port.ShouldBeGreaterThan(taken);
        (await Sql.ScalarAsync(server.ConnectionString, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task it_asks_for_its_password()
    {
        await using var server = await LocalServer.StartTemporaryAsync();
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "wrong" };

        var error = await Should.ThrowAsync<PostgresException>(
            () => Sql.ScalarAsync(wrong.ConnectionString, "SELECT 1"));

        error.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task started_by_root_it_runs_as_another_account()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/proc/self/status"), "We are not root.");
        await using var server = await LocalServer.StartTemporaryAsync();

        var status = await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/status");

        status.Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).ShouldNotContain("\t0");
    }

    [Fact]
    public async Task a_folder_closed_to_the_servers_account_is_an_error_that_says_so()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(), "We are not root.");
        using var folder = new TestFolder();
        TestFolder.SetMode(folder.Path, 0b111_000_000);

        var error = await Should.ThrowAsync<LocalServerException>(
            () => LocalServer.StartTemporaryAsync(new LocalPostgresOptions { RootDirectory = folder.Path }));

        error.Message.ShouldContain("which cannot reach " + error.Directory);
    }
}
