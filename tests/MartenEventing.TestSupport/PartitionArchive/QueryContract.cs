using System.Text;
using MartenEventing.PartitionArchive;
using MartenEventing.PartitionArchive.Reading;
using MartenEventing.Schema;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>Archives that are searched, wherever they lie.</summary>
public abstract class QueryContract<TPlace> where TPlace : IStoragePlace
{
    [Fact]
    public async Task each_condition_finds_what_SQL_finds()
    {
        await using var archived = await ArchivedStore.CreateAsync<TPlace>(
            StreamIdentity.String, EventTenancy.Conjoined);
        var store = archived.Store;
        await store.ExecuteAsync(OddEvents.Columns);
        var start = ArchivedStore.MonthStart;
        await OddEvents.AppendAsync(
            store, new Random(20261121), 120,
            [.. Enumerable.Range(0, 40).Select(hour => $"{start.AddHours(hour):yyyy-MM-dd HH:mm:ss.ffffff}+00")]);
        var manifest = await archived.WriteAsync();
        var sequences = await store.ColumnAsync<long>("SELECT seq_id FROM mt_events ORDER BY 1");
        var stream = await store.ScalarAsync<string>(
            "SELECT stream_id FROM mt_events GROUP BY 1 ORDER BY count(*) DESC LIMIT 1");
        (ArchiveQuery Query, string Sql)[] cases =
        [
            (new(), "true"),
            (new() { Stream = stream }, "stream_id = $1"),
            (new() { Stream = stream, Tenant = "b'\\" }, "stream_id = $1 AND tenant_id = E'b''\\\\'"),
            (new() { Tenant = "ü" }, "tenant_id = 'ü'"),
            (new() { Types = ["x", "Übergabe\t"] }, "type IN ('x', E'Übergabe\\t')"),
            (new() { From = start.AddHours(3), To = start.AddHours(7) }, "timestamp >= $2 AND timestamp < $3"),
            (new() { FirstSequence = sequences[20], LastSequence = sequences[40] }, "seq_id BETWEEN $4 AND $5"),
            (new() { Stream = stream, Types = ["scanned"], From = start.AddHours(3) },
                "stream_id = $1 AND type = 'scanned' AND timestamp >= $2"),
            (new() { Stream = "nobody" }, "false"),
        ];
        foreach (var (query, sql) in cases)
            (await archived.Archives.QueryAsync(manifest.Name, query).Select(found => found.Sequence).ToListAsync())
                .ShouldBe(await store.ColumnAsync<long>(
                    $"""
                     SELECT seq_id FROM mt_events
                      WHERE {sql} AND ($1, $2, $3, $4, $5) IS NOT NULL ORDER BY seq_id
                     """,
                    stream, start.AddHours(3), start.AddHours(7), sequences[20], sequences[40]), sql);
    }

    [Fact]
    public async Task only_the_chunks_are_read_that_may_hold_what_is_asked_for()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 100);
        var manifest = await archived.WriteAsync();
        var archive = await OpenArchive.OpenAsync(archived.Storage, manifest.Name, null, false, default);
        var chunks = manifest.Tables[0].Files.Sum(file => file.Chunks.Count);
        var stream = await archived.Store.ScalarAsync<Guid>(
            $"SELECT min(stream_id::text)::uuid FROM {ArchivedStore.Month}");

        async Task<(int Events, int Chunks)> ReadAsync(ArchiveQuery query)
        {
            var reader = new QueryReader(archive, query);
            return (await reader.ReadAsync(default).CountAsync(), reader.ChunksRead);
        }

        chunks.ShouldBeGreaterThan(50);
        (await ReadAsync(new())).ShouldBe((1000, chunks));
        var ofStream = await ReadAsync(new() { Stream = stream.ToString() });
        (ofStream.Events, ofStream.Chunks <= 3).ShouldBe((10, true), ofStream.ToString());
        var ofTime = await ReadAsync(new()
        {
            From = ArchivedStore.MonthStart.AddHours(20), To = ArchivedStore.MonthStart.AddHours(22),
        });
        (ofTime.Events, ofTime.Chunks <= 3).ShouldBe((6, true), ofTime.ToString());
    }

    [Fact]
    public async Task an_event_comes_with_all_its_columns_as_the_server_prints_them()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 1);
        await archived.Store.ExecuteAsync(
            """UPDATE mt_events SET data = '{"b": 1e3, "a": [0.1000, "ü\n"]}', headers = 'null', bdata = '\x00ff'""");
        var manifest = await archived.WriteAsync();

        var found = await archived.Archives.QueryAsync(manifest.Name, new() { FirstSequence = 0 }).FirstAsync();

        found.Line.ShouldBe(new StringBuilder()
            .Append($$"""{"seq_id":{{found.Sequence}},"id":"{{await archived.Store.ScalarAsync<Guid>(
                "SELECT id FROM mt_events WHERE seq_id = $1", found.Sequence)}}",""")
            .Append($$"""
                "stream_id":"{{found.Stream}}","version":1,"data":{"a": [0.1000, "ü\n"], "b": 1000},"bdata":"\\x00ff",
                """)
            .Append($$"""
                "type":"scanned","timestamp":"{{ArchivedStore.MonthStart:yyyy-MM-dd}} 00:00:00+00",
                """)
            .Append("""
                "tenant_id":"*DEFAULT*","headers":null,"is_archived":false}
                """).ToString());
    }
}
