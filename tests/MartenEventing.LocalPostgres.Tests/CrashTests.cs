using Npgsql;

namespace MartenEventing.LocalPostgres.Tests;

public sealed class CrashTests
{
    [Fact]
    public async Task what_was_committed_before_a_crash_is_there_after_the_restart_on_the_same_port()
    {
        await using var server = await LocalServer.StartTemporaryAsync();
        await ExecuteAsync(server, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
        var (port, process) = (server.Port, server.ProcessId);

        await server.CrashAsync();
        ProcessTable.IsRunning(process).ShouldBeFalse();
        await server.RestartAsync();

        server.Port.ShouldBe(port);
        server.ProcessId.ShouldNotBe(process);
        (await ExecuteAsync(server, "SELECT count(*) FROM kept")).ShouldBe(1000L);
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

    private static async Task<object?> ExecuteAsync(LocalServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
