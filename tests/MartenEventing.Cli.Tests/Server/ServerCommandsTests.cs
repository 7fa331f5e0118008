using System.Text.Json;
using MartenEventing.LocalPostgres;

namespace MartenEventing.Cli.Tests.Server;

public sealed class ServerCommandsTests
{
    [Fact]
    public async Task a_server_is_started_shown_used_without_a_connection_and_stopped()
    {
        var root = Directory.CreateTempSubdirectory("marten-eventing-test-");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(root.FullName, (UnixFileMode)0b111_101_101);
        var surroundings = new Surroundings { LocalPostgres = new() { RootDirectory = root.FullName } };
        Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.OfAsync(arguments, surroundings);
        try
        {
            (await RunAsync("server", "status")).ExitCode.ShouldBe(ExitCode.FoundWrong);

            (await RunAsync("db", "status")).ExitCode.ShouldBe(ExitCode.FoundWrong);
            var started = await RunAsync("server", "start", "--json");
            started.ExitCode.ShouldBe(ExitCode.Done);
            var port = JsonDocument.Parse(started.Out).RootElement.GetProperty("port").GetInt32();

            var status = await RunAsync("server", "status");
            status.ExitCode.ShouldBe(ExitCode.Done);
            status.Out.ShouldContain($"Port={port};");
            await ShouldHideThePasswordAsync(RunAsync, root.FullName);

            (await RunAsync("server", "stop")).Error.ShouldEndWith("The server has stopped.\n");
            (await RunAsync("server", "stop")).Error.ShouldBe("The server was not running.\n");
        }
        finally
        {
            await LocalServer.StopPersistentAsync(surroundings.LocalPostgres);
            root.Delete(recursive: true);
        }
    }

    private static async Task ShouldHideThePasswordAsync(Func<string[], Task<CommandRun>> run, string root)
    {
        var password = await File.ReadAllTextAsync(Path.Combine(root, "server", "password"));
        foreach (var verb in (string[])["start", "status"])
        {
            var text = await run(["server", verb]);
            text.Out.ShouldContain("Password=********");
            foreach (var shown in (CommandRun[])[text, await run(["server", verb, "--json"])])
                (shown.Out + shown.Error).ShouldNotContain(password);
        }

        var secret = await run(["server", "status", "--show-password", "--json"]);
        var connection = JsonDocument.Parse(secret.Out).RootElement.GetProperty("connectionString").GetString();
        await using var source = Npgsql.NpgsqlDataSource.Create(connection!);
        await using var command = source.CreateCommand("SELECT 1");
        (await command.ExecuteScalarAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    public async Task a_port_out_of_range_is_refused(string port)
    {
        var run = await CommandRun.OfAsync("server", "start", "--port", port);

        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldStartWith($"error: --port is {port}. Allowed: 1 to 65535.");
    }
}
