using MartenEventing.Events;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Events;

/// <summary>Readers keep reading while the layout changes under them.</summary>
public sealed class ChangingLayoutTests
{
    private static readonly string[] Changes =
    [
        "SELECT mt_provision_partitions('month', 5)",
        "SELECT mt_provision_partitions('month', 4, now() + interval '1 year')",
        "ALTER TABLE mt_events_head RENAME TO mt_events_old",
        "ALTER TABLE mt_events_old RENAME TO mt_events_head",
        """
        DO $$ DECLARE month record;
        BEGIN
            SELECT * INTO month FROM mt_partitions() p WHERE p.kind = 'month' LIMIT 1;
            EXECUTE format('ALTER TABLE mt_events DETACH PARTITION %I', month.name);
            EXECUTE format('ALTER TABLE %I RENAME TO mt_events_moved', month.name);
            EXECUTE format('ALTER TABLE mt_events ATTACH PARTITION mt_events_moved FOR VALUES FROM (%L) TO (%L)',
                           month.lower_bound, month.upper_bound);
        END $$
        """,
        "SELECT mt_provision_partitions('month', 6, now() + interval '2 years')",
    ];

    [Fact]
    public async Task no_read_of_a_stream_loses_or_doubles_an_event()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        var streams = new List<(StreamId Stream, long[] Sequences)>();
        var random = new Random(3);
        for (var i = 0; i < 20; i++)
        {
            StreamId stream = Guid.NewGuid();
            var appended =
                await store.AppendAsync(stream, ExpectedVersion.NoStream, [.. Enumerable.Range(0, 12).Select(_ =>
                Parcel.ScannedAt(DateTimeOffset.UtcNow.AddDays(random.Next(-30, 600))))]);
            streams.Add((stream, [.. appended.Sequences]));
        }

        var gapped = streams[7];
        await database.ExecuteAsync("DELETE FROM mt_events WHERE seq_id = $1", gapped.Sequences[4]);
        streams[7] = (gapped.Stream, [.. gapped.Sequences.Where((_, i) => i != 4)]);

        await ReadWhileAsync(database, async turn =>
        {
            var (stream, sequences) = streams[turn % streams.Count];
            (await store.LoadStreamAsync(stream)).Select(read => read.Sequence).ShouldBe(sequences);
        });
    }

    [Fact]
    public async Task no_page_loses_or_doubles_an_event()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        var random = new Random(4);
        for (var i = 0; i < 10; i++)
            await store.AppendAsync(Guid.NewGuid(), ExpectedVersion.Any, [.. Enumerable.Range(0, 50).Select(_ =>
                Parcel.ScannedAt(DateTimeOffset.UtcNow.AddDays(random.Next(-30, 600))))]);
        await database.SealAsync("mt_events_head");

        await ReadWhileAsync(database, async turn =>
        {
            var after = turn * 37 % 500;
            (await store.ReadPageAsync(after, 40)).Events.Select(found => found.Sequence)
                .ShouldBe(Enumerable.Range(after + 1, Math.Min(40, 500 - after)).Select(sequence => (long)sequence));
        });
    }

    [Fact]
    public async Task partitions_for_the_past_and_what_comes_into_them_are_seen_by_the_next_page()
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        await database.FillMonthsAsync(store, perMonth: 5);
        await database.SealAsync("mt_events_head");
        (await store.ReadPageAsync(0)).Events.Count.ShouldBe(20);

        await database.ExecuteAsync("SELECT mt_provision_history('month', now() - interval '2 years')");
        await new PostgresEventStore(database.DataSource).AppendAsync(
            Guid.NewGuid(), ExpectedVersion.Any, [Parcel.ScannedAt(DateTimeOffset.UtcNow.AddYears(-1))]);

        (await store.ReadPageAsync(0)).Events.Count.ShouldBe(21);
    }

    [Theory]
    [InlineData("SELECT mt_provision_partitions('month', 5, now() + interval '1 year')")]
    [InlineData(
        """
        DO $$ DECLARE month record; bound text;
        BEGIN
            LOCK TABLE mt_events IN ACCESS EXCLUSIVE MODE;
            SELECT * INTO month FROM mt_partitions() p WHERE p.kind = 'month' LIMIT 1;
            ALTER TABLE mt_events DETACH PARTITION mt_events_head;
            EXECUTE format('ALTER TABLE mt_events DETACH PARTITION %I', month.name);
            ALTER TABLE mt_events_head DROP CONSTRAINT IF EXISTS mt_vouched;
            EXECUTE format('INSERT INTO mt_events_head SELECT * FROM %I', month.name);
            EXECUTE format('DROP TABLE %I', month.name);
            EXECUTE format('ALTER TABLE mt_events ATTACH PARTITION mt_events_head FOR VALUES FROM (MINVALUE) TO (%L)',
                           month.upper_bound);
        END $$
        """)]
    public async Task a_reader_that_knows_the_layout_of_before_reads_everything(string change)
    {
        await using var database = await StoreDatabase.CreateAsync();
        var store = new PostgresEventStore(database.DataSource);
        var now = DateTimeOffset.UtcNow;
        var streams = new List<(StreamId Stream, List<long> Sequences)>();
        for (var i = 0; i < 4; i++)
        {
            StreamId stream = i < 2 ? Guid.NewGuid() : Guid.CreateVersion7();
            var appended = await store.AppendAsync(stream, ExpectedVersion.NoStream,
                [Parcel.ScannedAt(now.AddYears(-1)), Parcel.ScannedAt(now), Parcel.ScannedAt(now.AddMonths(1)),
                 Parcel.ScannedAt(now.AddMonths(8)), Parcel.ScannedAt(now.AddYears(3))]);
            streams.Add((stream, [.. appended.Sequences]));
        }

        foreach (var (stream, sequences) in streams.Where((_, i) => i % 2 == 1))
        {
            await database.ExecuteAsync("DELETE FROM mt_events WHERE seq_id = $1", sequences[2]);
            sequences.RemoveAt(2);
        }

        var all = streams.SelectMany(known => known.Sequences).Order().ToList();
        foreach (var (stream, _) in streams)
            await store.LoadStreamAsync(stream);
        (await store.ReadPageAsync(0)).Events.Count.ShouldBe(all.Count);

        await database.ExecuteAsync(change);

        foreach (var (stream, sequences) in streams.Concat(streams))
            (await store.LoadStreamAsync(stream)).Select(read => read.Sequence).ShouldBe(sequences);
        (await store.ReadPageAsync(0)).Events.Select(read => read.Sequence).ShouldBe(all);
    }

    /// <summary>
    /// Runs the changes one after the other; between any two, each of four readers has read a few times.
    /// </summary>
    private static async Task ReadWhileAsync(StoreDatabase database, Func<int, Task> read)
    {
        using var end = new CancellationTokenSource();
        var reads = new int[4];
        var readers = Enumerable.Range(0, reads.Length).Select(i => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                await read(reads[i] + i * 5);
                Interlocked.Increment(ref reads[i]);
            }
        })).ToArray();
        try
        {
            foreach (var change in Changes)
            {
                var before = reads.ToArray();
                await Condition.BecomesTrueAsync(() => readers.Any(reader => reader.IsFaulted)
                    || reads.Zip(before).All(pair => pair.First >= pair.Second + 25));
                await database.ExecuteAsync(change);
            }
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(readers);
        }
    }
}
