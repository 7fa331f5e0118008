using Npgsql;

namespace MartenEventing.LocalPostgres.Tests;

public sealed class TemporaryServerTests
{
    [Fact]
    public async Task a_temporary_server_takes_connections_and_is_gone_with_its_folder_when_disposed()
    {
        var server = await LocalServer.StartTemporaryAsync();
        var folder = Path.GetDirectoryName(server.DataDirectory)!;
        await using (var source = NpgsqlDataSource.Create(server.ConnectionString))
        await using (var command = source.CreateCommand("SHOW timezone"))
            (await command.ExecuteScalarAsync()).ShouldBe("UTC");

        await server.DisposeAsync();

        Directory.Exists(folder).ShouldBeFalse();
        ProcessTable.IsRunning(server.ProcessId).ShouldBeFalse();
    }
}
