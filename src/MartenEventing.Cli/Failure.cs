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
            context.Output.Fail(Describe(error, context));
            return error is UsageException or ArgumentException ? ExitCode.WrongUsage : ExitCode.Failed;
        }
    }

    private static string Describe(Exception error, CommandContext context) => error switch
    {
        PostgresException postgres => Describe(postgres, context.LastStatement),
        NpgsqlException { InnerException: TimeoutException } when context.LastStatement is { } statement =>
            $"The server had not answered after {context.CommandTimeout.TotalSeconds:N0} seconds and was asked to "
            + $"stop: {Short(statement)}{Environment.NewLine}Either it waits for a lock, which pg_stat_activity shows, "
            + "or it needs longer: add Command Timeout=0 to the connection string for as long as it takes.",
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } =>
            $"{error.Message}. {error.InnerException!.Message}. Is the server up, and is the connection string right? "
            + $"It comes from --connection or {PostgresConnection.Variable}; without both a private server is used.",
        ArgumentException { ParamName: not null } argument =>
            argument.Message.Replace($" (Parameter '{argument.ParamName}')", "", StringComparison.Ordinal),
        _ when IsForPeople(error) => error.Message,
        _ => error.ToString(),
    };

    private static string Short(string statement)
    {
        var line = string.Join(' ', statement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 200 ? line[..200] + "..." : line;
    }

    private static string Describe(PostgresException error, string? statement)
    {
        var next = error.SqlState switch
        {
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedFunction =>
                "Look at the schema: marten-eventing db status.",
            PostgresErrorCodes.LockNotAvailable => "Somebody else holds the lock; nothing was done. Try again later.",
            PostgresErrorCodes.InsufficientPrivilege =>
                "The role lacks a right: its owner gives what it takes with marten-eventing db roles; after a GRANT by "
                + "hand, SELECT mt_settle_rights(). A member of the owner that does not inherit its rights takes on "
                + "its role in --connection: Options=-c role=OWNER.",
            PostgresErrorCodes.QueryCanceled when statement is not null =>
                $"That was: {Short(statement)}{Environment.NewLine}The role, the database or an administrator ended "
                + "it. A statement_timeout of theirs is lifted by Options=-c statement_timeout=0 in the connection "
                + "string.",
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                "This writes, and the server is a standby or the role's transactions are read-only "
                + "(default_transaction_read_only). Name the primary in --connection.",
            PostgresErrorCodes.InvalidCatalogName => "Create the database, or name another one in --connection.",
            _ => null,
        };
        string?[] parts = [$"{error.MessageText} (SQLSTATE {error.SqlState})", error.Detail, error.Hint, next];
        return string.Join(Environment.NewLine, parts.Where(part => !string.IsNullOrEmpty(part)));
    }

    private static bool IsForPeople(Exception error) =>
        error is MartenEventingException or UsageException or ClaimException or IOException
            or UnauthorizedAccessException or NpgsqlException
        || error.GetType().Assembly.GetName().Name!.StartsWith("MartenEventing", StringComparison.Ordinal);
}
