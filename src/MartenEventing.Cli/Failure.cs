using System.Net.Sockets;
using MartenEventing.Cli.Demo;
using MartenEventing.LocalPostgres;
using Npgsql;

namespace MartenEventing.Cli;

/// <summary>Turns what went wrong into a sentence and an exit code.</summary>
internal static class Failure
{
    public static async Task<int> TellAsync(CommandContext context, Func<CommandContext, Task<int>> run)
    {
        try
        {
            return await run(context);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            context.Output.Say("Cancelled.");
            return ExitCode.Cancelled;
        }
        catch (Exception error)
        {
            context.Output.Fail(Describe(error));
            return error is UsageException or ArgumentException ? ExitCode.WrongUsage : ExitCode.Failed;
        }
    }

    private static string Describe(Exception error) => error switch
    {
        PostgresException postgres => Describe(postgres),
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } =>
            $"{error.Message}. {error.InnerException!.Message}. Is the server up, and is the connection string right? "
            + $"It comes from --connection or {PostgresConnection.Variable}; without both a private server is used.",
        ArgumentException { ParamName: not null } argument =>
            argument.Message.Replace($" (Parameter '{argument.ParamName}')", "", StringComparison.Ordinal),
        _ when IsForPeople(error) => error.Message,
        _ => error.ToString(),
    };

    private static string Describe(PostgresException error)
    {
        var next = error.SqlState switch
        {
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction =>
                "Look at the schema: marten-eventing db status.",
            PostgresErrorCodes.LockNotAvailable => "Somebody else holds the lock; nothing was done. Try again later.",
            PostgresErrorCodes.InsufficientPrivilege =>
                "The role lacks a right: its owner gives what it takes with marten-eventing db roles; after a GRANT by hand, "
                + "SELECT mt_settle_rights(). A member of the owner that does not inherit its rights takes on its role in "
                + "--connection: Options=-c role=OWNER.",
            PostgresErrorCodes.InvalidCatalogName => "Create the database, or name another one in --connection.",
            _ => null,
        };
        string?[] parts = [$"{error.MessageText} (SQLSTATE {error.SqlState})", error.Detail, error.Hint, next];
        return string.Join(Environment.NewLine, parts.Where(part => !string.IsNullOrEmpty(part)));
    }

    private static bool IsForPeople(Exception error) =>
        error is UsageException or ClaimException or IOException or UnauthorizedAccessException or NpgsqlException
        || error.GetType().Assembly.GetName().Name!.StartsWith("MartenEventing", StringComparison.Ordinal);
}
