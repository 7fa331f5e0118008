using System.CommandLine;
using System.Globalization;
using MartenEventing.Cli.Output;
using MartenEventing.PartitionArchive;

namespace MartenEventing.Cli.Commands.Archive;

/// <summary>Brings a partition archive back.</summary>
internal sealed class RestoreCommand : CliCommand
{
    private static readonly Option<string?> AsTable = new("--as")
    {
        Description = "Make a read-only table of this name beside the events. Default: they come back in their place.",
        HelpName = "table",
    };

    private static readonly Option<bool> FromOther = new("--from-other-database")
    {
        Description =
            "Take an archive that this database has no note of: made from another one, of which this is a copy.",
    };

    public RestoreCommand(CliEnvironment environment)
        : base(environment, "restore",
            "Verify an archive and bring its events back, in their place or beside it. Interrupted, the same command " +
            "goes on.")
    {
        Arguments.Add(ArchiveCliOptions.Folder);
        Arguments.Add(ArchiveCliOptions.Name);
        Option[] options =
        [
            AsTable, FromOther, ArchiveCliOptions.KeyFile, CommonOptions.DryRun, CommonOptions.ShowSql,
            CommonOptions.Yes, CommonOptions.Json,
        ];
        foreach (var option in options)
            Options.Add(option);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var restorer = new PartitionArchiveRestorer(
            await context.DataSourceAsync(), context.Schema, ArchiveCliOptions.Storage(context),
            await ArchiveCliOptions.KeyAsync(context), time: context.Time, logger: new TalkLogger(context.Output));
        var name = context.Get(ArchiveCliOptions.Name)!;
        var options = new RestoreOptions
        {
            AsTable = context.Get(AsTable), FromOtherDatabase = context.Get(FromOther),
        };
        var plan = await restorer.PlanAsync(name, options, context.Cancellation);
        context.Output.Say($"{name}: {ArchiveText.Summary(plan.Manifest)} into {plan.Target}; the database has "
            + $"{plan.EventsThere} events of that time.");
        if (context.DryRun)
            return Tell(context, plan);
        if (options.AsTable is null && !context.Confirm($"Bring the events of {name} back?"))
            return ExitCode.Failed;

        var started = context.Time.GetTimestamp();
        var report = await restorer.RestoreAsync(name, options, context.Cancellation);
        var seconds = context.Time.GetElapsedTime(started).TotalSeconds;
        if (context.Json)
            context.Output.WriteJson(report);
        else
            context.Output.Write($"{report.Target}  {report.Events} events came back, {report.EventsThere} were there, "
                + $"{report.NewStreams} streams are there again");
        foreach (var remark in report.Remarks)
            context.Output.Warn(remark + ".");
        context.Output.Say(string.Create(CultureInfo.InvariantCulture,
            $"Restored in {seconds:N1} s, {report.Events / seconds * 60:N0} events a minute, verifying included."));
        return ExitCode.Done;
    }

    private static int Tell(CommandContext context, RestorePlan plan)
    {
        if (context.Json)
            context.Output.WriteJson(new
            {
                Archive = ArchiveText.Json(plan.Manifest), plan.Target, plan.EventsThere, plan.Statements,
            });
        else if (context.ShowSql)
            foreach (var statement in plan.Statements)
                context.Output.Write(statement + ";");
        return ExitCode.Done;
    }
}
