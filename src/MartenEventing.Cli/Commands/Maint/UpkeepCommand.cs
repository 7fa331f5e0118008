using System.CommandLine;
using MartenEventing.Cli.Output;
using MartenEventing.Maintenance;

namespace MartenEventing.Cli.Commands.Maint;

/// <summary>A command that runs one statement a table.</summary>
internal abstract class UpkeepCommand : CliCommand
{
    private static readonly Argument<string?> Table = new("table")
    {
        Description = "A partition, or mt_streams. Default: all of them, the oldest partition first.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<int> GiveUpAfter = WaitOptions.GiveUpAfter(TimeSpan.FromHours(1));

    protected UpkeepCommand(CliEnvironment environment, string name, string description)
        : base(environment, name, description)
    {
        Arguments.Add(Table);
        Options.Add(GiveUpAfter);
        Options.Add(CommonOptions.DryRun);
        Options.Add(CommonOptions.ShowSql);
        Options.Add(CommonOptions.Json);
    }

    protected abstract Task<IReadOnlyList<UpkeepStatement>> PlanAsync(
        CommandContext context, StoreUpkeep upkeep, string? table);

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var upkeep = new StoreUpkeep(await context.DataSourceAsync(), context.Schema)
        {
            GiveUpAfter = TimeSpan.FromSeconds(context.Get(GiveUpAfter)),
            Waiting = new WaitTalk(context.Output),
        };
        var plan = await PlanAsync(context, upkeep, context.Get(Table));
        if (context.DryRun)
        {
            if (context.Json)
                context.Output.WriteJson(plan);
            else
                foreach (var statement in plan)
                    context.Output.Write(context.ShowSql ? statement.Sql + ";" : statement.Target);
            context.Output.Say($"{plan.Count} statements would be run.");
            return ExitCode.Done;
        }

        foreach (var statement in plan)
        {
            await upkeep.ExecuteAsync(statement, context.Cancellation);
            if (!context.Json)
                context.Output.Write(statement.Target);
        }

        if (context.Json)
            context.Output.WriteJson(plan);
        context.Output.Say($"{plan.Count} statements run.");
        return ExitCode.Done;
    }
}
