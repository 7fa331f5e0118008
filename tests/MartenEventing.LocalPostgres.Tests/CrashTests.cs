using Npgsql;

namespace MartenEventing.LocalPostgres.Tests;

public sealed class CrashTests
{
    [Fact]
    public async Task what_was_committed_before_a_crash_is_there_after_the_restart_on_the_same_port()
    {
        await using var server = await LocalServer.StartTemporaryAsync();
        await Sql.ScalarAsync(server.ConnectionString, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
        var (port, process) = (server.Port, server.ProcessId);

        await server.CrashAsync();
        ProcessTable.IsRunning(process).ShouldBeFalse();
        await server.RestartAsync();

        server.Port.ShouldBe(port);
        server.ProcessId.ShouldNotBe(process);
        (await Sql.ScalarAsync(server.ConnectionString, "SELECT count(*) FROM kept")).ShouldBe(1000L);
    }

    [Fact]
    public async Task a_crash_kills_the_backends_too()
    {
        await using var server = await LocalServer.StartTemporaryAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        var backend = connection.ProcessID;
        ProcessTable.IsRunning(backend).ShouldBeTrue();

        await server.CrashAsync();

        ProcessTable.IsRunning(backend).ShouldBeFalse();
    }

    [Fact]
    public async Task crashing_a_server_that_does_not_run_is_an_error()
    {
        await using var server = await LocalServer.StartTemporaryAsync();
        await server.StopAsync();

        await Should.ThrowAsync<LocalServerException>(server.CrashAsync);
    }

    [Fact]
    public async Task a_crashed_server_leaves_no_shared_memory_behind_when_disposed()
    {
        Assert.SkipUnless(File.Exists("/proc/sysvipc/shm"), "Shared memory is listed on Linux only.");
        var server = await LocalServer.StartTemporaryAsync();
        var creator = $" {server.ProcessId} ";
        File.ReadAllText("/proc/sysvipc/shm").ShouldContain(creator);

        await server.CrashAsync();
        await server.DisposeAsync();

        File.ReadAllText("/proc/sysvipc/shm").ShouldNotContain(creator);
    }
}
