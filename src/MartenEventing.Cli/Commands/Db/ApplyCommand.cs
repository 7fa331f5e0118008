using MartenEventing.Cli.Output;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Db;

/// <summary>Brings the schema up to date.</summary>
internal sealed class ApplyCommand : CliCommand
{
    public ApplyCommand(CliEnvironment environment)
        : base(environment, "apply", "Set up the event store, or bring its schema up to date.")
    {
        Options.Add(StoreOptions.Layout);
        Options.Add(StoreOptions.StreamIdentity);
        Options.Add(StoreOptions.Tenancy);
        Options.Add(StoreOptions.PartitionBy);
        Options.Add(StoreOptions.Period);
        Options.Add(CommonOptions.DryRun);
        Options.Add(CommonOptions.ShowSql);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var source = await context.DataSourceAsync();
        var found = await StoreShape.FindAsync(source, context.Schema, context.Cancellation);
        var options = StoreOptions.Read(context, found);
        var migrator = new SchemaMigrator(source, options) { Waiting = new WaitTalk(context.Output) };
        return context.DryRun ? await PlanAsync(context, migrator) : await ApplyAsync(context, migrator, options);
    }

    private static async Task<int> PlanAsync(CommandContext context, SchemaMigrator migrator)
    {
        var plan = await migrator.PlanAsync(context.Cancellation);
        if (context.Json)
            context.Output.WriteJson(
                plan.Select(file => new { file.Name, file.Kind, Sql = context.ShowSql ? file.Sql : null }));
        else
            foreach (var file in plan)
                context.Output.Write(context.ShowSql ? $"-- {file.Name}\n{file.Sql}" : file.Name);
        context.Output.Say(plan.Count == 0 ? "Nothing to apply." : $"{plan.Count} files would be applied.");
        return ExitCode.Done;
    }

    private static async Task<int> ApplyAsync(CommandContext context, SchemaMigrator migrator, SchemaOptions options)
    {
        var report = await migrator.ApplyAsync(context.Cancellation);
        if (context.Json)
            context.Output.WriteJson(
                new { options.SchemaName, options.Layout, options.StreamIdentity, options.Tenancy, report.Applied });
        else
            foreach (var name in report.Applied)
                context.Output.Write(name);
        if (report.UnknownMigrations is [.., var unknown])
        {
            context.Output.Warn(
                $"Schema \"{options.SchemaName}\" was set up by a newer version ({unknown} is unknown here). "
                + "Nothing was applied. Update this tool: dotnet tool update --global MartenEventing.Cli.");
            return ExitCode.FoundWrong;
        }

        context.Output.Say(report.Applied.Count == 0
            ? $"Schema \"{options.SchemaName}\" is up to date."
            : $"Applied {report.Applied.Count} files to schema \"{options.SchemaName}\".");
        if ((await migrator.GetStatusAsync(context.Cancellation)).MartenTables is { } tables)
            MartenAdvice.Write(context, tables);
        return ExitCode.Done;
    }
}
