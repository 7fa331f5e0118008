using System.CommandLine;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Cli.Commands.Db;

/// <summary>Lets the database refuse to change or remove events, or lifts that.</summary>
internal sealed class AppendOnlyCommand : CliCommand
{
    private static readonly Option<bool> Lift = new("--lift") { Description = "Allow changes again." };

    public AppendOnlyCommand(CliEnvironment environment)
        : base(environment, "append-only",
            "Let the database refuse UPDATE, DELETE and TRUNCATE of events. Marten's archiving, masking and "
            + "overwriting of events are refused too.")
    {
        Options.Add(Lift);
        Options.Add(CommonOptions.DryRun);
        Options.Add(CommonOptions.ShowSql);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var source = await context.DataSourceAsync();
        var store = await StoreShape.ReadAsync(source, context.Schema, context.Cancellation);
        var schema = new NpgsqlCommandBuilder().QuoteIdentifier(store.SchemaName);
        var sql = $"SELECT {schema}.mt_enforce_append_only({(context.Get(Lift) ? "false" : "true")})";
        if (context.DryRun)
        {
            context.Output.Write(sql);
            return ExitCode.Done;
        }

        await using var connection = await source.OpenConnectionAsync(context.Cancellation);
        foreach (var line in (string[])["SET default_transaction_read_only = off", sql])
        {
            await using var command = new NpgsqlCommand(line, connection);
            await command.ExecuteNonQueryAsync(context.Cancellation);
        }

        context.Output.Say(context.Get(Lift)
            ? "Events may be changed and removed again."
            : "Events can no longer be changed or removed. To lift that: marten-eventing db append-only --lift.");
        return ExitCode.Done;
    }
}
