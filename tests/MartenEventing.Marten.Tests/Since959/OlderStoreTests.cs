using Marten;
using MartenEventing.Conversion;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Since959;

/// <summary>A store that Marten 9.29 made, converted, under the Marten of today.</summary>
public sealed class OlderStoreTests
{
    /// <summary>The tables of a default store, as Marten 9.29 makes them.</summary>
    private const string ByMarten929 =
        """
        CREATE SEQUENCE mt_events_sequence;
        CREATE TABLE mt_streams (
            id uuid NOT NULL, type varchar NULL, version bigint NULL, timestamp timestamptz NOT NULL DEFAULT (now()),
            created timestamptz NOT NULL DEFAULT (now()), tenant_id varchar NULL DEFAULT '*DEFAULT*',
            is_archived bool NULL DEFAULT FALSE, CONSTRAINT pkey_mt_streams_id PRIMARY KEY (id));
        CREATE TABLE mt_events (
            seq_id bigint NOT NULL, id uuid NOT NULL, stream_id uuid NULL, version bigint NOT NULL, data jsonb NOT NULL,
            bdata bytea NULL, type varchar(500) NOT NULL, timestamp timestamptz NOT NULL DEFAULT '2026-01-01 00:00:00Z',
            tenant_id varchar NULL DEFAULT '*DEFAULT*', mt_dotnet_type varchar NULL,
            is_archived bool NULL DEFAULT FALSE, CONSTRAINT pkey_mt_events_seq_id PRIMARY KEY (seq_id));
        CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON mt_events USING btree (stream_id, version);
        ALTER TABLE mt_events ADD CONSTRAINT fkey_mt_events_stream_id
            FOREIGN KEY (stream_id) REFERENCES mt_streams (id) ON DELETE CASCADE;
        ALTER SEQUENCE mt_events_sequence OWNED BY mt_events.seq_id;
        CREATE TABLE mt_event_progression (
            name varchar NOT NULL, last_seq_id bigint NULL,
            last_updated timestamptz NULL DEFAULT (transaction_timestamp()),
            CONSTRAINT pk_mt_event_progression PRIMARY KEY (name));
        """;

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
        ByMarten929
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
