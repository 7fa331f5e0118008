using System.Text;
using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.TestSupport;
using MartenEventing.Tests.Events;
using MartenEventing.Tests.Retention;
using static MartenEventing.TestSupport.Partitioning.SampleEvents;
using static MartenEventing.Tests.Check.PastTheGuard;
using static MartenEventing.Tests.Retention.RetentionStore;

namespace MartenEventing.Tests.Check;

/// <summary>
/// Rows by chance, past the guard and with it, see <see cref="Effort"/>. After a repair no check that can be mended
/// finds anything, every stream is read as its events are, and retention takes whole dead streams and nothing else.
/// </summary>
public sealed class RandomRowsTests(ITestOutputHelper output)
{
    private const int Months = 6;

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task whatever_came_past_the_guard_is_mended_read_whole_and_kept_while_it_lives(EventTenancy tenancy)
    {
        var seed = Effort.Seed;
        var count = Effort.GivenSeed is null || Effort.IsFull ? Effort.Of(share: 1, full: 60) : 1;
        for (var i = 0; i < count; i++)
        {
            output.WriteLine($"MARTEN_EVENTING_SEED={seed + i}, {tenancy}");
            await RunAsync(new Random(seed + i), tenancy);
        }
    }

    private async Task RunAsync(Random random, EventTenancy tenancy)
    {
        await using var store = await StoreDatabase.OfMonthsAsync(-Months, tenancy);
        for (var round = 0; round < 3; round++)
        {
            var rows = Rows(random, round);
            output.WriteLine(rows);
            await (random.Next(3) switch
            {
                0 => store.AsReplicaAsync(rows),
                1 => store.WithTriggersOffAsync(rows),
                _ => store.UnnoticedAsync(rows),
            });
            if (random.Next(2) == 0)
                await store.RepairAsync();
        }

        var report = await store.RepairAsync();

        report.Findings.Where(found => found is { IsFault: true, Found: > 0, Repair: not null }).ShouldBeEmpty();
        await ReadAllAsync(store);
        var living = await EventsAsync(store, "HAVING max(timestamp) >= $1");

        await store.Retention().ApplyAsync();

        (await EventsAsync(store, "HAVING max(timestamp) >= $1")).ShouldBe(living);
        (await store.ColumnAsync<string>(
            """
            SELECT e.stream_id::text FROM mt_events e
             WHERE NOT EXISTS (SELECT FROM mt_streams s WHERE s.id = e.stream_id AND s.tenant_id = e.tenant_id)
            """)).ShouldBeEmpty();
        await ReadAllAsync(store);
        await store.ShouldBeTidyAsync();
    }

    /// <summary>
    /// New streams, with a row that tells less, more or nothing, and events of a run of versions anywhere in time.
    /// </summary>
    private static string Rows(Random random, int round)
    {
        var sql = new StringBuilder();
        for (var i = 0; i < 6; i++)
        {
            var stream = Id((round * 10) + i + 1);
            var versions = random.Next(1, 5);
            if (random.Next(4) > 0)
                sql.Append(Stream(stream, random.Next(0, versions + 2), Month(-random.Next(Months + 1)))).AppendLine(
                    ";");
            for (var version = 1; version <= versions; version++)
                sql.Append(Event((round * 1000) + (i * 10) + version, stream, version,
                    Month(-random.Next(Months + 2)).AddHours(version)))
                    .AppendLine(";");
        }

        return sql.ToString().TrimEnd(';', '\n', '\r');
    }

    private static async Task ReadAllAsync(StoreDatabase store)
    {
        var reader = new PostgresEventStore(store.DataSource);
        foreach (var stream in await store.ColumnAsync<Guid>("SELECT id FROM mt_streams ORDER BY id"))
        {
            var read = new List<long>();
            await foreach (var found in reader.ReadStreamAsync(stream))
                read.Add(found.Version);
            read.ShouldBe(
                await store.ColumnAsync<long>("SELECT version FROM mt_events WHERE stream_id = $1 ORDER BY 1", stream));
            read.ShouldBe(Enumerable.Range(1, read.Count).Select(version => (long)version));
        }
    }

    private static Task<List<string>> EventsAsync(StoreDatabase store, string having) => store.ColumnAsync<string>(
        $"""
         SELECT stream_id || ': ' || string_agg(version::text, ' ' ORDER BY version) FROM mt_events
          GROUP BY stream_id {having} ORDER BY stream_id
         """, Month(-3));
}
