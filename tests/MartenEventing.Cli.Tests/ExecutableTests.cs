using System.Diagnostics;

namespace MartenEventing.Cli.Tests;

public sealed class ExecutableTests
{
    [Fact]
    public async Task the_exit_code_tells_what_came_of_the_command()
    {
        await using var database = await TestDatabase.CreateAsync();

        (await RunAsync(database, "db", "status")).ShouldBe(3);
        (await RunAsync(database, "db", "apply")).ShouldBe(0);
        (await RunAsync(database, "db", "status")).ShouldBe(0);
        (await RunAsync(database, "db", "apply", "--layout", "plain")).ShouldBe(1);
        (await RunAsync(database, "db", "apply", "--layout", "round")).ShouldBe(2);
    }

    [Fact]
    public async Task the_version_is_told()
    {
        using var process = Executable.Start("", "--version");

        (await process.EndAsync()).Out.ShouldStartWith("0.1.0");
    }

    [Fact]
    public async Task ctrl_c_ends_a_waiting_command_in_good_order()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("There is no SIGINT to send.");
        await using var database = await TestDatabase.CreateAsync();
        await using var holder = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var command = holder.CreateCommand())
        {
            command.CommandText = "SELECT pg_advisory_xact_lock(hashtextextended('marten-eventing schema public', 0))";
            await command.ExecuteNonQueryAsync();
        }

        using var process = Executable.Start(database.ConnectionString, "db", "apply");
        await database.WaitUntilWaitingAsync();
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync();

        var run = await process.EndAsync();
        (run.ExitCode, run.Error).ShouldBe((130, "Cancelled.\n"));
    }

    private static async Task<int> RunAsync(TestDatabase database, params string[] arguments)
    {
        using var process = Executable.Start(database.ConnectionString, arguments);
        return (await process.EndAsync()).ExitCode;
    }
}
