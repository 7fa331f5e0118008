using System.CommandLine;
using MartenEventing.LocalPostgres;

namespace MartenEventing.Cli.Commands.Server;

/// <summary>Prints the state of the server.</summary>
internal static class ServerFacts
{
    public static readonly Option<bool> ShowPassword = new("--show-password")
    {
        Description = "Show the connection string with its password.",
    };

    public static async Task<LocalServerStatus> WriteAsync(CommandContext context)
    {
        var status = await LocalServer.StatusAsync(context.LocalPostgres, context.Cancellation);
        if (!context.Get(ShowPassword) && status.ConnectionString is { } secret)
            status = status with { ConnectionString = ConnectionText.WithoutPassword(secret) };
        if (context.Json)
            context.Output.WriteJson(status);
        else
            WriteText(context, status);
        return status;
    }

    private static void WriteText(CommandContext context, LocalServerStatus status) => context.Output.WriteFacts(
            ("Running", status.IsRunning ? "yes" : "no"),
            ("Port", status.Port?.ToString() ?? "none"),
            ("Process", status.ProcessId?.ToString() ?? "none"),
            ("PostgreSQL", status.MajorVersion?.ToString() ?? "no databases yet"),
            ("Data", status.DataDirectory),
            ("Connection", status.ConnectionString ?? "none"));
}
