using MartenEventing.Cli.Demo.Scenes;
using MartenEventing.Events;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Demo;

/// <summary>The demo from the first scene to the last.</summary>
internal static class DemoTour
{
    public static async Task PlayAsync(CommandContext context, DemoDatabase database, DemoOptions options)
    {
        var stage = new Stage(context.Output.Data);
        var started = context.Time.GetTimestamp();
        var scenery = new Scenery(
            stage, database, new PostgresEventStore(database.DataSource), context.Time, context.Cancellation)
        {
            ProgramFolders = [database.BinDirectory, .. (context.Variable("PATH") ?? "").Split(Path.PathSeparator)],
        };
        await new SchemaMigrator(database.DataSource, new SchemaOptions()).ApplyAsync(context.Cancellation);
        await Loading.PlayAsync(scenery, context, options);
        await PartitionTable.PlayAsync(scenery);
        await OneStream.PlayAsync(scenery);
        await TimeWindow.PlayAsync(scenery);
        await Race.PlayAsync(scenery);
        await RawRace.PlayAsync(scenery);
        await LateEvent.PlayAsync(scenery);
        await OldMonths.PlayAsync(scenery);
        await LiveConversion.PlayAsync(scenery);
        await OnMarten.PlayAsync(scenery);
        await FigureTable.PlayAsync(scenery);
        Farewell.Play(stage, database, options, context.Time.GetElapsedTime(started));
    }
}
