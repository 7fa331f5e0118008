using MartenEventing.Cli.Commands.Events;
using MartenEventing.Cli.Demo.Parcels;
using MartenEventing.Events;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>Fills the store, and lets a maintenance pass seal what is over.</summary>
internal static class Loading
{
    public static async Task PlayAsync(Scenery scenery, CommandContext context, DemoOptions options)
    {
        var stage = scenery.Stage;
        stage.Open("Events go in");
        stage.Say($"PostgreSQL {await VersionAsync(scenery)}, an empty store in Marten's schema, partitioned by month. "
            + (options.File is { } file
                ? $"The events come from {file.Name}."
                : "The events are those of a parcel service, generated over the three years that end now."));
        var start = scenery.Time.GetTimestamp();
        var report = await ImportAsync(scenery, context, options);
        var took = scenery.Time.GetElapsedTime(start).TotalSeconds;
        stage.Good($"{report.Events:N0} events of {report.NewStreams:N0} streams imported in {took:N1} s, "
            + $"{report.Events / took:N0} a second: each into the month of its time, {report.PartitionsMade.Count} of "
            + "which had to be made.");
        var maintained = await LateEvent.MaintainAsync(scenery);
        stage.Good($"A maintenance pass sealed the {maintained.Sealed.Count} months that are over, in "
            + $"{maintained.Duration.TotalSeconds:N1} s.");
    }

    private static async Task<ImportReport> ImportAsync(Scenery scenery, CommandContext context, DemoOptions options)
    {
        await using Stream input = options.File is { } file
            ? file.OpenRead()
            : new ParcelStream(ParcelHistory.Until(scenery.Time.GetUtcNow(), options.Events));
        var importer = new EventImporter(scenery.DataSource, clock: scenery.Time);
        return await ImportMeter.RunAsync(
            context,
            input.CanSeek ? input.Length : (long)options.Events * ParcelHistory.BytesPerEvent,
            progress => importer.ImportAsync(input, new ImportOptions { Progress = progress }, scenery.Cancellation));
    }

    private static Task<string> VersionAsync(Scenery scenery) => scenery.DataSource.ScalarAsync<string>(
        "SELECT split_part(current_setting('server_version'), ' ', 1)", scenery.Cancellation);
}
