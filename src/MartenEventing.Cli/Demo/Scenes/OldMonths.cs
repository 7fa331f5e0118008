using MartenEventing.Cli.Demo.Old;
using MartenEventing.Events;
using MartenEventing.PartitionArchive;
using MartenEventing.Partitioning;
using MartenEventing.Retention;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>
/// The oldest months go into partition archives. A stream that lives on is carried; one that has ended goes, is found
/// in an archive, and comes back.
/// </summary>
internal static class OldMonths
{
    private const string Title = "Old months go; what lives stays whole; what has gone comes back";
    private const int MostShown = 12;

    public static async Task PlayAsync(Scenery scenery)
    {
        var stage = scenery.Stage;
        stage.Open(Title);
        var cast = await OldCast.ChooseAsync(scenery);
        if (cast is null)
        {
            stage.Say("Nothing to see with these events: it takes months long over, a stream that ended in one of "
                + "them, and one that began in them and lives on.");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("marten-eventing-demo-archives-");
        try
        {
            await PlayAsync(scenery, cast, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task PlayAsync(Scenery scenery, OldCast cast, string folder)
    {
        var stage = scenery.Stage;
        var living = await ReadAsync(scenery, cast.Living);
        var ended = await ReadAsync(scenery, cast.Ended);
        stage.Say($"Stream {cast.Living} has {living.Count:N0} events from {living[0].Timestamp:MMMM yyyy} to "
            + $"{living[^1].Timestamp:MMMM yyyy}: it lives. Stream {cast.Ended} has {ended.Count:N0}, the last on "
            + $"{ended[^1].Timestamp:d MMMM yyyy}: it has ended. What is older than {cast.Age.Count} months is to go:");
        stage.Quote($"marten-eventing retention apply --older-than {cast.Age} --archive ARCHIVES");

        var before = await CountAsync(scenery);
        var report = await ApplyAsync(scenery, cast, folder);
        var archives = (await new PartitionArchives(new ArchiveFolder(folder)).ListAsync(scenery.Cancellation))
            .ToDictionary(entry => entry.Name);
        await RequireGoneAsync(scenery, cast, report);
        var removed = report.Expired.Sum(month => month.Removed);
        Claim.Same(before - removed, await CountAsync(scenery), "The number of events");
        Claim.Same(removed, archives.Values.Sum(archive => archive.Manifest!.Events), "The number of archived events");
        stage.Show(
            ["partition", ">gone", ">streams ended", ">carried", ">others waited, ms", ">archive"],
            report.Expired.Select(month => Row(month, archives.GetValueOrDefault(month.Archive ?? ""))));

        await TellLivingAsync(scenery, cast, living);
        await QueryAsync(scenery, cast, folder, archives.Values, ended);
        var archive = archives[report.Expired.Single(month => month.Name == cast.EndedIn).Archive!];
        await RestoreAsync(scenery, cast, folder, archive, ended);
        await RequireSameAsync(scenery, cast.Living, living, "after the restore");
    }

    private static async Task<RetentionReport> ApplyAsync(Scenery scenery, OldCast cast, string folder)
    {
        var options = new RetentionOptions { OlderThan = cast.Age, ArchiveDirectory = folder, BatchShare = 0.6 };
        var retention = new StoreRetention(scenery.DataSource, Scenery.Schema, options, scenery.Time);
        var report = await retention.ApplyAsync(scenery.Cancellation);
        Claim.Holds(!report.IsIncomplete, $"Retention was kept from its work: {string.Join("; ", report.Gates)}");
        return report;
    }

    private static async Task RequireGoneAsync(Scenery scenery, OldCast cast, RetentionReport report)
    {
        var gone = report.Expired.Select(month => month.Name);
        Claim.Same(string.Join(", ", cast.Months), string.Join(", ", gone), "What goes");
        var left = (await scenery.Catalog.ListAsync(scenery.Cancellation)).Select(partition => partition.Name);
        Claim.Holds(!left.Intersect(cast.Months).Any(), "A partition that was to go is still there.");
        Claim.Holds((await ReadAsync(scenery, cast.Ended)).Count == 0, $"Stream {cast.Ended} is still there.");
        Claim.Holds(
            await scenery.Store.GetStreamAsync(cast.Ended, scenery.Cancellation) is null,
            $"Stream {cast.Ended} has no event left, and yet a row in mt_streams.");
    }

    private static async Task TellLivingAsync(Scenery scenery, OldCast cast, IReadOnlyList<StoredEvent> living)
    {
        await RequireSameAsync(scenery, cast.Living, living, "after retention");
        var carried = await scenery.DataSource.ScalarAsync<long>(
            "SELECT count(*) FROM mt_events_head WHERE stream_id = $1", scenery.Cancellation, cast.Living.Guid);
        Claim.Holds(carried > 0, $"Stream {cast.Living} has no event in the head.");
        scenery.Stage.Good($"The living stream is whole: the same {living.Count:N0} events, versions 1 to "
            + $"{living[^1].Version:N0}; {carried:N0} of them lie in mt_events_head now. The ended one has gone, its "
            + "events and its row.");
    }

    private static async Task QueryAsync(
        Scenery scenery, OldCast cast, string folder, IReadOnlyCollection<ArchiveEntry> archives,
        IReadOnlyList<StoredEvent> ended)
    {
        var query = new ArchiveQuery { Stream = $"{cast.Ended}" };
        var found = new List<ArchivedEvent>();
        foreach (var archive in archives)
            await foreach (var archived in new PartitionArchives(new ArchiveFolder(folder))
                               .QueryAsync(archive.Name, query, scenery.Cancellation))
                found.Add(archived);
        Claim.Holds(
            found.Select(archived => (archived.Sequence, archived.Version, archived.Type))
                .SequenceEqual(ended.Select(stored => (stored.Sequence, stored.Version, stored.Type))),
            $"The archives do not have the {ended.Count} events of stream {cast.Ended}.");
        var events = archives.Sum(archive => archive.Manifest!.Events);
        var lines = archives.Sum(archive => archive.Manifest!.ContentBytes);
        var size = archives.Sum(archive => archive.Bytes);
        scenery.Stage.Say($"The archives take {Bytes.Told(size)} for {events:N0} events, which are {Bytes.Told(lines)} "
            + "of JSON lines, and answer without a database:");
        var command = $"marten-eventing archive query ARCHIVES --stream {cast.Ended}";
        scenery.Stage.Quote([command, "", .. found.Take(MostShown).Select(Line)]);
    }

    private static async Task RestoreAsync(
        Scenery scenery, OldCast cast, string folder, ArchiveEntry archive, IReadOnlyList<StoredEvent> ended)
    {
        var restorer = new PartitionArchiveRestorer(
            scenery.DataSource, Scenery.Schema, new ArchiveFolder(folder), time: scenery.Time);
        var start = scenery.Time.GetTimestamp();
        var report = await restorer.RestoreAsync(archive.Name, cancellationToken: scenery.Cancellation);
        var took = scenery.Time.GetElapsedTime(start).TotalSeconds;
        Claim.Same(archive.Manifest!.Events, report.Events + report.EventsThere, "The number of events of the archive");
        await RequireSameAsync(scenery, cast.Ended, ended, "after the restore");
        var where = await scenery.DataSource.ScalarAsync<string>(
            "SELECT string_agg(DISTINCT tableoid::regclass::text, ', ') FROM mt_events WHERE stream_id = $1",
            scenery.Cancellation, cast.Ended.Guid);
        scenery.Stage.Quote($"marten-eventing archive restore ARCHIVES {archive.Name}");
        scenery.Stage.Good($"Verified first, {report.Events:N0} events of {report.NewStreams:N0} streams are back in "
            + $"{took:N1} s, all at one moment. Stream {cast.Ended} reads as it did: {ended.Count:N0} events, the same "
            + $"sequences, times and bodies; they lie in {where}.");
    }

    private static async Task RequireSameAsync(
        Scenery scenery, StreamId stream, IReadOnlyList<StoredEvent> before, string when)
    {
        var now = await ReadAsync(scenery, stream);
        Claim.Holds(before.SequenceEqual(now), $"Stream {stream} does not read {when} as it did before.");
    }

    private static Task<IReadOnlyList<StoredEvent>> ReadAsync(Scenery scenery, StreamId stream) =>
        scenery.Store.LoadStreamAsync(stream, cancellationToken: scenery.Cancellation);

    private static Task<long> CountAsync(Scenery scenery) =>
        scenery.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events", scenery.Cancellation);

    private static string Line(ArchivedEvent archived) =>
        $"{archived.Sequence,9:N0}  {archived.Version,2}  {archived.Timestamp,-30}  {archived.Type}";

    private static string[] Row(ExpiredPartition month, ArchiveEntry? archive) =>
    [
        month.Name,
        $"{month.Removed:N0}",
        $"{month.Streams:N0}",
        $"{month.Carried:N0}",
        $"{month.Held.TotalMilliseconds:N0}",
        archive is null ? "none" : Bytes.Told(archive.Bytes),
    ];
}
