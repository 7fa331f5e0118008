using System.Diagnostics;
using MartenEventing.TestSupport.Postgres;

// Starts the server that suites would start for themselves, one each; runs a command that finds it in its environment;
// and ends with the exit code of the command. The server goes with this process, however it ends.
if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: MartenEventing.TestServer <command> [arguments]");
    return 2;
}

await using var server = new PostgresServer();
var start = new ProcessStartInfo(args[0], args[1..]);
start.Environment[PostgresServer.SharedVariable] = await PostgresServer.ConnectionStringAsync();
using var command = Process.Start(start)!;
await command.WaitForExitAsync();
return command.ExitCode;
