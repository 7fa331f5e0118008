namespace MartenEventing.LocalPostgres.Tests;

public sealed class PostgresConnectionTests
{
    [Fact]
    public async Task the_environments_connection_goes_before_the_persistent_server_which_is_started_else()
    {
        const string Given = "Host=db.example;Database=events";
        using var folder = new TestFolder();
        var options = new LocalPostgresOptions { RootDirectory = folder.Below("home"), Port = LoopbackPort.Any() };
        var before = Environment.GetEnvironmentVariable(PostgresConnection.Variable);
        try
        {
            Environment.SetEnvironmentVariable(PostgresConnection.Variable, Given);
            (await PostgresConnection.ResolveAsync(options)).ShouldBe(Given);
            (await LocalServer.StatusAsync(options)).MajorVersion.ShouldBeNull();

            Environment.SetEnvironmentVariable(PostgresConnection.Variable, null);
            var local = await PostgresConnection.ResolveAsync(options);
            (await Sql.ScalarAsync(local, "SELECT 1")).ShouldBe(1);
        }
        finally
        {
            Environment.SetEnvironmentVariable(PostgresConnection.Variable, before);
            await LocalServer.StopPersistentAsync(options);
        }
    }
}
