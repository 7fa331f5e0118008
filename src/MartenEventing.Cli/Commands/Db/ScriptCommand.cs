using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Db;

/// <summary>Prints the schema as one SQL script. Needs no database.</summary>
internal sealed class ScriptCommand : CliCommand
{
    public ScriptCommand(CliEnvironment environment)
        : base(environment, "script", "Print the schema as one SQL script, to be run by psql. It may be run again.")
    {
        Options.Add(StoreOptions.Layout);
        Options.Add(StoreOptions.StreamIdentity);
        Options.Add(StoreOptions.Tenancy);
        Options.Add(StoreOptions.PartitionBy);
        Options.Add(StoreOptions.Period);
    }

    protected override Task<int> RunAsync(CommandContext context)
    {
        context.Output.Write(SchemaMigrator.Script(StoreOptions.Read(context)));
        return Task.FromResult(ExitCode.Done);
    }
}
