using System.Text.Json;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events;
using Marten.Events.Projections;
using MartenEventing.Marten;

namespace MartenEventing.Tests.Fetching;

/// <summary>Each call gives, bounded, to the letter what it gives without, on streams that are not as usual.</summary>
public sealed class SameAsMartenTests
{
    private const string AsItComes = "as it comes";
    private const string AllMetadata = "all metadata, skipping";

    public static TheoryData<string, bool, string?> Cases()
    {
        var cases = new TheoryData<string, bool, string?>
        {
            { AllMetadata, false, "UPDATE mt_events SET is_skipped = true WHERE version = 3" },
            { AllMetadata, true, "UPDATE mt_events SET is_skipped = true WHERE version = 3" },
            { AsItComes, true, "UPDATE mt_doc_parcel SET mt_version = 9" },
            { AsItComes, true, null },
            { AsItComes, false, "UPDATE mt_streams SET is_archived = true" },
        };
        foreach (var daemon in new[] { false, true })
        {
            cases.Add(AsItComes, daemon,
                "UPDATE mt_streams SET is_archived = true; UPDATE mt_events SET is_archived = true WHERE version < 3");
            cases.Add(AsItComes, daemon, "UPDATE mt_events SET timestamp = '2091-05-01' WHERE version = 2");
            cases.Add(AsItComes, daemon, "DELETE FROM mt_events WHERE version = 1");
        }

        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task each_call_gives_the_same(string configuration, bool daemon, string? change)
    {
        await using var parcels = await ParcelStore.CreateAsync(
            configure: options => Configure(options, configuration, daemon, bounded: true));
        using var martens = Another(
            parcels.ConnectionString, options => Configure(options, configuration, daemon, bounded: false));
        parcels.Clock.Now = Months.Middle(0);
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        if (daemon)
            using (var rebuilding = await parcels.Store.BuildProjectionDaemonAsync())
                await rebuilding.RebuildProjectionAsync(typeof(Parcel), CancellationToken.None);
        parcels.Clock.Now = Months.Middle(2);
        await parcels.SaveAsync(session => stream.Append(session, new ParcelScanned("B")));
        if (change is not null)
            await parcels.DataSource.ExecuteAsync(change);

        foreach (var inTransaction in new[] { false, true })
            (await CallsAsync(parcels.Store, stream.Id, inTransaction, (session, id, version, from) =>
                    session.FetchBoundedStreamAsync(id, version, fromVersion: from)))
                .ShouldBe(await CallsAsync(martens, stream.Id, inTransaction, (session, id, version, from) =>
                    session.Events.FetchStreamAsync(id, version, fromVersion: from)));
    }

    [Fact]
    public async Task a_connection_that_prepares_lives_on_while_columns_and_tables_change()
    {
        await using var parcels = await ParcelStore.CreateAsync();
        using var prepared = Another(
            parcels.ConnectionString + ";Max Auto Prepare=50;Auto Prepare Min Usages=1;Maximum Pool Size=1",
            options => options.UseTimePartitionedEvents());
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"), new ParcelScanned("A"));
        foreach (var change in new[]
                 {
                     "SELECT 1", "ALTER TABLE mt_events ADD COLUMN x int DEFAULT 3", "SELECT 1",
                     "ALTER TABLE mt_events DROP COLUMN x", "ALTER TABLE mt_streams ADD COLUMN y int",
                     """
                     CREATE TABLE other (LIKE mt_events INCLUDING ALL); INSERT INTO other SELECT * FROM mt_events;
                     ALTER TABLE mt_events RENAME TO first; ALTER TABLE other RENAME TO mt_events
                     """,
                     "DROP TABLE mt_events; ALTER TABLE first RENAME TO mt_events",
                 })
        {
            await parcels.DataSource.ExecuteAsync(change);
            await using var session = prepared.LightweightSession();
            (await session.Events.FetchForWriting<Parcel>(stream.Id)).Aggregate!.Scans.ShouldBe(1, change);
            (await session.FetchBoundedStreamAsync(stream.Id)).Count.ShouldBe(2, change);
        }
    }

    [Fact]
    public async Task a_database_without_the_function_is_told_by_its_error()
    {
        await using var parcels = await ParcelStore.CreateAsync();
        var stream = await parcels.StartAsync(new ParcelRegistered("Here"));
        await parcels.DataSource.ExecuteAsync("DROP FUNCTION mt_stream_events");
        using var store = Another(parcels.ConnectionString, options => options.UseTimePartitionedEvents());
        await using var session = store.LightweightSession();

        var error = await Should.ThrowAsync<Exception>(
            async () => await session.Events.FetchForWriting<Parcel>(stream.Id));

        error.ToString().ShouldContain("42883");
        error.ToString().ShouldContain("mt_stream_events");
    }

    private static void Configure(StoreOptions options, string configuration, bool daemon, bool bounded)
    {
        if (configuration == AllMetadata)
        {
            options.Events.EnableEventSkippingInProjectionsOrSubscriptions = true;
            options.Events.MetadataConfig.EnableAll();
        }

        if (daemon)
            options.Projections.Snapshot<Parcel>(SnapshotLifecycle.Async);
        options.UseTimePartitionedEvents(events => events.BoundFetches = bounded);
    }

    private static DocumentStore Another(string connectionString, Action<StoreOptions> configure) =>
        DocumentStore.For(options =>
        {
            options.Connection(connectionString);
            options.DisableNpgsqlLogging = true;
            options.AutoCreateSchemaObjects = AutoCreate.None;
            configure(options);
        });

    /// <summary>What every call gives or throws, a line each.</summary>
    private static async Task<string> CallsAsync(
        DocumentStore store, Guid id, bool inTransaction,
        Func<IDocumentSession, Guid, long, long, Task<IReadOnlyList<IEvent>>> fetch)
    {
        Func<IDocumentSession, Task<object?>>[] calls =
        [
            async session => Told(await session.Events.FetchForWriting<Parcel>(id)),
            async session => Told(await session.Events.FetchForWriting<Parcel>(id, 2)),
            async session => Told(await session.Events.FetchForWriting<Parcel>(id, 3)),
            async session => Told(await session.Events.FetchForExclusiveWriting<Parcel>(id)),
            async session => await session.Events.FetchLatest<Parcel>(id),
            async session =>
            {
                session.Events.Append(id, new ParcelScanned("P"));
                return await session.Events.ProjectLatest<Parcel>(id);
            },
            .. new (long Version, long From)[] { (0, 0), (0, 1), (0, -3), (-2, 0), (2, 0), (0, 2) }.Select(
                range => (Func<IDocumentSession, Task<object?>>)(async session =>
                    (await fetch(session, id, range.Version, range.From)).Select(Told))),
        ];
        var lines = new List<string>();
        foreach (var call in calls)
        {
            await using var session = store.LightweightSession();
            if (inTransaction)
                await session.BeginTransactionAsync(CancellationToken.None);
            lines.Add(await TryAsync(() => call(session)));
        }

        return string.Join('\n', lines);
    }

    private static object Told(IEventStream<Parcel> stream) =>
        new { stream.StartingVersion, stream.CurrentVersion, stream.Aggregate };

    private static object Told(IEvent one) => new
    {
        one.Sequence, one.Version, one.Id, one.Timestamp, one.TenantId, one.EventTypeName, one.IsArchived, one.Headers,
        one.UserName, one.CorrelationId, one.CausationId, one.StreamId, Body = one.Data.ToString(),
    };

    private static async Task<string> TryAsync(Func<Task<object?>> call)
    {
        try
        {
            return JsonSerializer.Serialize(await call());
        }
        catch (Exception error)
        {
            return $"{error.GetType().Name}: {error.Message}";
        }
    }
}
