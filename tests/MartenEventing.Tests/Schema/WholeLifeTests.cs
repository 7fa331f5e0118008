using System.Globalization;
using MartenEventing.Conversion;
using MartenEventing.Events;
using MartenEventing.Maintenance;
using MartenEventing.PartitionArchive;
using MartenEventing.Partitioning;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using MartenEventing.TestSupport.Importing;
using MartenEventing.Tests.PartitionArchive;
using Npgsql;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;

namespace MartenEventing.Tests.Schema;

/// <summary>
/// The life of a store whose owner has settings of all kinds, as people give them to roles. What is right is asked by
/// connections that have none of them.
/// </summary>
public sealed class WholeLifeTests
{
    private const string Plain =
        "-c search_path=public -c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c "
        + "default_transaction_read_only=off -c default_transaction_isolation=read\\ committed -c statement_timeout=0 "
        + "-c idle_in_transaction_session_timeout=0 -c standard_conforming_strings=on -c quote_all_identifiers=off -c "
        + "extra_float_digits=1 -c bytea_output=hex";

    public static TheoryData<int> Seeds =>
        [.. Enumerable.Range(0, Effort.Of(share: 1, full: 40)).Select(i => (Effort.GivenSeed ?? Effort.Seed) + i)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task a_store_lives_the_same_life_under_whatever_settings(int seed)
    {
        await using var life = await Life.BeginAsync(seed);
        var period = (PartitionPeriod)(seed % 5);
        await new SchemaMigrator(life.Owner, new SchemaOptions { Period = period }).ApplyAsync();
        await life.ShouldBeWholeAsync();

        await life.AppendAroundMidnightAsync();
        var lines = EventLines.Shuffled(400, 40, period < PartitionPeriod.Month ? 0 : 2);
        (await life.Importer.ImportAsync(EventLines.Text(lines), new ImportOptions { Source = "a" })).Events.ShouldBe(
            400);
        await life.ShouldBeWholeAsync();
        await life.ReadAsync();

        var pass = await new MaintenancePass(life.Owner, "public", Quick(period)).RunAsync();
        pass.Steps.Where(step => step.Outcome != StepOutcome.Done)
            .Select(step => $"{step.Step.Description}: {step.Error}").ShouldBeEmpty();
        await life.ShouldBeWholeAsync();
        if (period is PartitionPeriod.Month)
            pass.RolledUp.ShouldNotBeEmpty();

        await life.ExpireAndRestoreAsync();
        await life.ShouldBeWholeAsync();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task a_plain_store_is_converted_both_ways_and_back_under_whatever_settings(int seed)
    {
        await using var life = await Life.BeginAsync(seed);
        await new SchemaMigrator(life.Owner, new SchemaOptions { Layout = StoreLayout.Plain }).ApplyAsync();
        await life.FillPlainAsync();
        var (hash, catalogs) = (await life.HashAsync(), await life.DefinitionsAsync());
        var options =
            new ConversionOptions { LockBackOff = TimeSpan.FromMilliseconds(5), BatchShare = 1, BatchSize = 100 };

        foreach (var way in new[] { ConversionWay.Attach, ConversionWay.Shadow })
        {
            var conversion = new StoreConversion(life.Owner, options: options with { Way = way });
            (await conversion.PlanAsync()).Objections.Where(objection => objection.Stops).ShouldBeEmpty();
            await conversion.StartAsync();
            (await life.HashAsync()).ShouldBe(hash);
            await life.ShouldBeWholeAsync(closed: false);
            await conversion.RollbackAsync();
            (await life.HashAsync()).ShouldBe(hash);
            await conversion.StartAsync();
            await conversion.SplitAsync();
            await life.ShouldBeWholeAsync(closed: false);
            await conversion.CompleteAsync();
            await conversion.RevertAsync();
            (await life.HashAsync()).ShouldBe(hash);
            (await life.DefinitionsAsync()).ShouldBe(catalogs);
        }
    }

    private static PartitionOptions Quick(PartitionPeriod period) => new()
    {
        LockBackOff = TimeSpan.FromMilliseconds(5),
        SealGrace = TimeSpan.Zero,
        RollUpInto = period is PartitionPeriod.Month ? PartitionPeriod.Year : null,
        RollUpAge = TimeSpan.FromDays(30),
    };


    private sealed class Life : IAsyncDisposable
    {
        private readonly TestDatabase _database;
        private readonly NpgsqlDataSource _plain;
        private readonly NpgsqlDataSource _application;

        private Life(TestDatabase database)
        {
            _database = database;
            Owner = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=true;No Reset On Close=true");
            _plain = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                Options = Plain,
            }.ConnectionString);
            // An application that is to write is not given a default that forbids it, nor less time than this machine
            // takes.
            _application = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString)
            {
                Options = "-c default_transaction_read_only=off -c statement_timeout=0",
            }.ConnectionString);
        }

        public NpgsqlDataSource Owner { get; }

        public EventImporter Importer => new(Owner);

        public static async Task<Life> BeginAsync(int seed)
        {
            var settings = DrawnSettings.Draw(seed);
            TestContext.Current.TestOutputHelper?.WriteLine(settings.ToString());
            var life = new Life(await TestDatabase.CreateAsync());
            // A data source asks at its first connection what types there are, which may take longer than the role
            // allows.
            await life.Owner.ExecuteAsync("SELECT");
            await life._database.SetAsync(settings.Statements.Select(statement => statement["SET ".Length..]));
            life.Owner.Clear();
            return life;
        }

        /// <summary>
        /// The partitions cover all time without a gap, from midnight UTC to midnight UTC, and are called so.
        /// </summary>
        public async Task ShouldBeWholeAsync(bool closed = true)
        {
            var bounds = await _plain.ColumnAsync<string>(
                """
                SELECT concat_ws('|', c.relname, b[1], b[2]) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                  CROSS JOIN regexp_match(pg_get_expr(c.relpartbound, c.oid),
                                          'FROM \(''?([^'')]+)''?\) TO \(''?([^'')]+)''?\)') AS b
                 WHERE i.inhparent = 'mt_events'::regclass
                 ORDER BY CASE b[1] WHEN 'MINVALUE' THEN '-infinity' ELSE b[1] END::timestamptz
                """);
            var parts = bounds.Select(bound => bound.Split('|')).ToList();
            parts[0][1].ShouldBe("MINVALUE");
            parts[^1][2].ShouldBe("MAXVALUE");
            parts.Zip(parts.Skip(1)).ShouldAllBe(pair => pair.First[2] == pair.Second[1]);
            foreach (var part in parts.Where(part => part[1] != "MINVALUE" && (closed || part[0] != "mt_events_tail")))
                part[1].ShouldEndWith(" 00:00:00+00");
            foreach (var part in parts.Where(part => part[0] is not ("mt_events_head" or "mt_events_tail")))
                part[0]["mt_events_x".Length..].Split('_')[0].ShouldBe(
                    part[1].Replace(
                        "-", "", StringComparison.Ordinal)[..(part[0]["mt_events_x".Length..].Split('_')[0].Length)]);
        }

        /// <summary>
        /// Events of every half hour around the beginning of the month, by the application and by SQL.
        /// </summary>
        public async Task AppendAroundMidnightAsync()
        {
            var store = new PostgresEventStore(_application);
            for (var half = -30; half <= 30; half += 3)
            {
                var at = Month(0).AddMinutes(30 * half);
                await store.AppendAsync(
                    new StreamId(Guid.NewGuid()), ExpectedVersion.NoStream,
                    [new NewEvent("scanned", "{}") { Timestamp = at }]);
                await _plain.AppendAsync(Guid.NewGuid(), Month(1).AddMinutes(30 * half));
            }
        }

        public async Task ReadAsync()
        {
            var store = new PostgresEventStore(_application);
            var query = new EventQuery { From = Month(0).AddHours(-2), To = Month(0).AddHours(2), PageSize = 1000 };
            (await store.QueryAsync(query)).Events.Count.ShouldBe(await CountAsync(query.From!.Value, query.To!.Value));
            (await store.ReadAllAsync().CountAsync()).ShouldBe(await CountAsync(Month(-1000), Month(1000)));
            var streams = await store.ListStreamsAsync(new StreamQuery());
            (await store.ReadStreamAsync(streams.Streams[0].Stream).CountAsync()).ShouldBe(
                (int)streams.Streams[0].Version);
        }

        public async Task ExpireAndRestoreAsync()
        {
            var before = await HashAsync();
            var storage = await FolderPlace.CreateAsync();
            var archive = await new PartitionArchiveWriter(Owner, "public", storage).CreateAsync(
                new ArchiveSelection());
            (await new PartitionArchives(storage).VerifyAsync(archive.Name, Owner, "public")).Problems.ShouldBeEmpty();
            var retention = new StoreRetention(Owner, "public", new RetentionOptions
            {
                OlderThan = RetentionAge.Parse("6mo"), LockBackOff = TimeSpan.FromMilliseconds(5), BatchShare = 1,
            });
            (await retention.PlanAsync()).Gates.Select(gate => gate.Reason).ShouldBeEmpty();
            await retention.ApplyAsync();
            await ShouldBeWholeAsync();
            await new PartitionArchiveRestorer(Owner, "public", storage).RestoreAsync(archive.Name);
            (await HashAsync()).ShouldBe(before);
            await FolderPlace.RemoveAsync(storage);
        }

        /// <summary>
        /// Streams of ten events over a hundred days, and what is printed one way here and another way there.
        /// </summary>
        public Task FillPlainAsync() => _plain.ExecuteAsync(
            """
            ALTER TABLE mt_events ADD COLUMN bin bytea DEFAULT '\x00ff5c',
                ADD COLUMN weight double precision DEFAULT 0.1,
                ADD COLUMN span interval DEFAULT '1 day -02:00:00',
                ADD CONSTRAINT young CHECK (timestamp > '2001-11-12 00:00:00+08'
                    AND span > interval '-1 day -02:00:00'),
                ADD CONSTRAINT slash CHECK (type <> 'a\b''c' AND weight <> 0.30000000000000004);
            CREATE INDEX late ON mt_events (type) WHERE timestamp > '2020-03-04 05:06:07+00' AND bin <> '\x5c00';
            CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER at_noon AFTER INSERT ON mt_events FOR EACH ROW
                WHEN (NEW.timestamp > '2020-03-04 12:00:00+00' AND NEW.span <> interval '1 mon -3 days')
                    EXECUTE FUNCTION quiet();
            CREATE POLICY lately ON mt_events USING (timestamp > '2020-03-04 12:00:00+00');
            INSERT INTO mt_streams (id, version, created, timestamp)
            SELECT md5(i::text)::uuid, 10, now() - i * interval '100 days' / 50, now() FROM generate_series(1, 50) i;
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, weight)
            SELECT nextval('mt_events_sequence'), gen_random_uuid(), id, v, jsonb_build_object('v', v), 'scanned',
                   created + (v - 1) * interval '1 second', random()
              FROM mt_streams, generate_series(1, 10) v ORDER BY created, v;
            """);

        public Task<string> HashAsync() => _plain.ScalarAsync<string>(
            "SELECT count(*) || ' ' || md5(string_agg(e::text, ',' ORDER BY e.seq_id)) FROM mt_events e");

        /// <summary>What people have defined on the events.</summary>
        public Task<List<string>> DefinitionsAsync() => _plain.ColumnAsync<string>(
            """
            SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'mt_events'::regclass
             UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'mt_events'::regclass
             UNION ALL SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'mt_events'::regclass
             UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'mt_events'::regclass
                 AND NOT tgisinternal
             UNION ALL SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polrelid = 'mt_events'::regclass
                 ORDER BY 1
            """);

        public async ValueTask DisposeAsync()
        {
            await Owner.DisposeAsync();
            await _application.DisposeAsync();
            await _plain.DisposeAsync();
            await _database.DisposeAsync();
        }

        private async Task<int> CountAsync(DateTimeOffset from, DateTimeOffset to) =>
            (int)await _plain.ScalarAsync<long>(
            string.Create(CultureInfo.InvariantCulture,
                $"SELECT count(*) FROM mt_events WHERE timestamp >= '{from:O}' AND timestamp < '{to:O}'"));
    }
}
