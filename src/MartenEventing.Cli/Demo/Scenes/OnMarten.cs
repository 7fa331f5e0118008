using System.Text.Json;
using System.Text.Json.Nodes;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;
using MartenEventing.Cli.Demo.Applications;
using MartenEventing.Events;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>
/// Marten sessions and our store write one stream by turns and read the same; psql describes the table it lies in.
/// </summary>
internal static class OnMarten
{
    private const string Hamburg = "HAM";

    public static async Task PlayAsync(Scenery scenery)
    {
        var stage = scenery.Stage;
        stage.Open("The same store by Marten, and by psql");
        await using var marten = MartenApplication.Open(scenery.ConnectionString);
        await marten.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync(scenery.Cancellation);
        var version = typeof(DocumentStore).Assembly.GetName().Version!;
        stage.Say($"Marten {version.ToString(3)} with one line more, options.UseTimePartitionedEvents(), on the store "
            + "of this demo. Its migration adds functions of its own, and the database is as its model has it. The "
            + "first two events of a parcel, of last month, are appended by our store, the third and fourth by Marten, "
            + "the fifth by ours:");

        var parcel = Guid.CreateVersion7();
        await BeginAsync(scenery, parcel);
        var refused = await WriteByMartenAsync(scenery, marten, parcel);
        var delivered = NewEvent.From(new ParcelDelivered("neighbour", 2));
        await scenery.Store.AppendAsync(parcel, ExpectedVersion.Exact(4), [delivered], scenery.Cancellation);
        await ReadByBothAsync(scenery, marten, parcel);
        stage.Refused("Another Marten session had fetched the parcel for writing at version 2, too. It got "
            + $"{refused.GetType().Name}, and nothing of it was stored.");
        await DescribeAsync(scenery);
    }

    private static async Task BeginAsync(Scenery scenery, Guid parcel)
    {
        var now = scenery.Time.GetUtcNow();
        var then = new DateTimeOffset(now.Year, now.Month, 1, 8, 15, 0, TimeSpan.Zero).AddDays(-3);
        NewEvent[] events =
        [
            NewEvent.From(new ParcelRegistered("Lyon", "Hamburg")) with { Timestamp = then },
            NewEvent.From(new ParcelScanned(Hamburg, 7)) with { Timestamp = then.AddHours(9) },
        ];
        await scenery.Store.AppendAsync(parcel, ExpectedVersion.NoStream, events, scenery.Cancellation);
    }

    private static async Task<Exception> WriteByMartenAsync(Scenery scenery, DocumentStore marten, Guid parcel)
    {
        await using var first = marten.LightweightSession();
        await using var second = marten.LightweightSession();
        var fetched = await first.Events.FetchForWriting<Parcel>(parcel, scenery.Cancellation);
        var other = await second.Events.FetchForWriting<Parcel>(parcel, scenery.Cancellation);
        Claim.Same(Hamburg, fetched.Aggregate?.Depot, "The depot that Marten's aggregate knows");
        Claim.Same(2, fetched.CurrentVersion, "The version that Marten fetched");
        fetched.AppendMany(new ParcelOutForDelivery(Hamburg, 1), new ParcelOutForDelivery(Hamburg, 2));
        await first.SaveChangesAsync(scenery.Cancellation);
        other.AppendOne(new ParcelDelivered("nobody", 1));
        try
        {
            await second.SaveChangesAsync(scenery.Cancellation);
        }
        catch (EventStreamUnexpectedMaxEventIdException conflict)
        {
            return conflict;
        }

        throw new ClaimException("Two Marten sessions appended version 3 of one stream.");
    }

    private static async Task ReadByBothAsync(Scenery scenery, DocumentStore marten, Guid parcel)
    {
        await using var session = marten.QuerySession();
        var theirs = await session.Events.FetchStreamAsync(parcel, token: scenery.Cancellation);
        var ours = await scenery.Store.LoadStreamAsync(parcel, cancellationToken: scenery.Cancellation);
        var aggregate = await session.Events.AggregateStreamAsync<Parcel>(parcel, token: scenery.Cancellation);
        Claim.Same(5, theirs.Count, "The number of events that Marten reads");
        Claim.Holds(
            theirs.Select(Row).SequenceEqual(ours.Select(Row))
            && theirs.Zip(ours).All(pair => SameBody(pair.First, pair.Second)),
            "Marten and our store read different events of one stream.");
        Claim.Same("neighbour", aggregate?.ReceivedBy, "Who has the parcel by Marten's aggregate");
        var lies = await scenery.DataSource.RowsAsync(
            "SELECT tableoid::regclass::text FROM mt_events WHERE stream_id = $1 ORDER BY version",
            reader => reader.GetString(0), scenery.Cancellation, parcel);
        Claim.Holds(lies.Distinct().Count() > 1, $"The stream lies in {string.Join(", ", lies)}.");
        scenery.Stage.Show(
            [">version", ">sequence", "timestamp", "type", "appended by", "lies in"],
            theirs.Select((read, index) => (IReadOnlyList<string>)
            [
                $"{read.Version}",
                $"{read.Sequence:N0}",
                $"{read.Timestamp:yyyy-MM-dd HH:mm:ss}",
                read.EventTypeName,
                read.Version is 3 or 4 ? "Marten" : "our store",
                lies[index],
            ]));
        scenery.Stage.Good("Marten and our store read the same five events: id, version, sequence, time, type and "
            + $"body. Marten's aggregate says that the {aggregate!.ReceivedBy} has the parcel.");
    }

    private static async Task DescribeAsync(Scenery scenery)
    {
        var table = await TableDescription.ReadAsync(
            scenery.DataSource, scenery.ConnectionString, scenery.ProgramFolders, scenery.Cancellation);
        Claim.Holds(
            table.Lines.Any(line => line.Contains("RANGE (\"timestamp\")", StringComparison.Ordinal)),
            "The table is not partitioned by RANGE (timestamp).");
        scenery.Stage.Say(table.IsPsql
            ? "In psql, shortened:"
            : "There is no psql beside the server or on the path. The same from the catalogs, shortened:");
        scenery.Stage.Quote([@"\d+ mt_events", "", .. table.Shortened()]);
    }

    private static (long, long, Guid, string, DateTimeOffset) Row(IEvent read) =>
        (read.Version, read.Sequence, read.Id, read.EventTypeName, read.Timestamp.ToUniversalTime());

    private static (long, long, Guid, string, DateTimeOffset) Row(StoredEvent stored) =>
        (stored.Version, stored.Sequence, stored.Id, stored.Type, stored.Timestamp.ToUniversalTime());

    private static bool SameBody(IEvent read, StoredEvent stored) => JsonNode.DeepEquals(
        JsonSerializer.SerializeToNode(read.Data, read.EventType, JsonSerializerOptions.Web),
        JsonNode.Parse(stored.Data));
}
