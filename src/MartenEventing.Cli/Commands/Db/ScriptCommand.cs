using System.CommandLine;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Db;

/// <summary>Prints the schema as one SQL script. Needs no database.</summary>
internal sealed class ScriptCommand : CliCommand
{
    private static readonly Option<bool> Functions = new("--functions")
    {
        Description = "Only functions, tables of MartenEventing's own and views: nothing that touches events or "
            + "streams. What a plain store needs before it is converted by psql.",
    };

    public ScriptCommand(CliEnvironment environment)
        : base(environment, "script", "Print the schema as one SQL script, to be run by psql. It may be run again.")
    {
        Options.Add(StoreOptions.Layout);
        Options.Add(StoreOptions.StreamIdentity);
        Options.Add(StoreOptions.Tenancy);
        Options.Add(StoreOptions.PartitionBy);
        Options.Add(StoreOptions.Period);
        Options.Add(Functions);
    }

    protected override Task<int> RunAsync(CommandContext context)
    {
        var options = StoreOptions.Read(context);
        context.Output.Write(
            context.Get(Functions) ? SchemaMigrator.FunctionsScript(options) : SchemaMigrator.Script(options));
        return Task.FromResult(ExitCode.Done);
    }
}
