using Marten;
using MartenEventing.Conversion;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Schema;

namespace MartenEventing.Tests.Since959;

/// <summary>A store that Marten 9.29 made, converted, under the Marten of today.</summary>
public sealed class OlderStoreTests
{
    private const string Where =
        "SELECT format('%s %s %s %s', tableoid::regclass, ctid, xmin, seq_id) FROM mt_events ORDER BY seq_id";

    [Fact]
    public async Task it_is_migrated_without_an_event_being_touched_and_its_daemon_goes_on_where_it_was()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await FillAsync(database);
        var conversion = new StoreConversion(database.DataSource);
        await conversion.StartAsync();
        await conversion.SplitAsync();
        await conversion.CompleteAsync();
        (await TablesAsync(database)).Missing.ShouldContain("mt_streams.compacted_version");
        var before = await database.DataSource.ColumnAsync<string>(Where);
        before.Count.ShouldBe(1_000);

        var recorder = new SequenceRecorder();
        var store = database.Partitioned(options => options.Events.Subscribe(
            recorder, subscription => subscription.Name = "Recorder"));
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        using (var daemon = await store.BuildProjectionDaemonAsync())
        {
            await daemon.StartAllAsync();
            await daemon.WaitForNonStaleData(TimeSpan.FromMinutes(1));
            await daemon.StopAllAsync();
        }

        (await database.DataSource.ColumnAsync<string>(Where)).ShouldBe(before);
        recorder.Sequences.ShouldBe(Enumerable.Range(601, 400).Select(sequence => (long)sequence));
        (await TablesAsync(database)).Missing.ShouldBeEmpty();
        await database.AppendAsync(store, streams: 1);
    }

    /// <summary>Two hundred streams of five events over half a year, of which a daemon has seen three fifths.</summary>
    private static Task<int> FillAsync(MartenDatabase database) => database.DataSource.ExecuteAsync(
        Marten929.Tables
        + """
          INSERT INTO mt_streams (id, version) SELECT md5(i::text)::uuid, 5 FROM generate_series(1, 200) i;
          INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
          SELECT nextval('mt_events_sequence'), gen_random_uuid(), md5((i % 200 + 1)::text)::uuid, i / 200 + 1,
                 '{"Depot": "A"}', 'parcel_scanned', now() - interval '180 days' * (1 - i / 1000.0),
                 'MartenEventing.Tests.ParcelScanned, MartenEventing.Marten.Tests'
            FROM generate_series(0, 999) i;
          INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('HighWaterMark', 600), ('Recorder:All', 600);
          """);

    private static async Task<MartenTables> TablesAsync(MartenDatabase database) =>
        (await new SchemaMigrator(database.DataSource, new SchemaOptions()).GetStatusAsync()).MartenTables!;
}
