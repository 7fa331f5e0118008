using MartenEventing.Load.Reading;
using Npgsql;

namespace MartenEventing.Load;

/// <summary>When nobody writes any more: no event is lost, double or invisible, and versions have no gaps.</summary>
internal sealed class FinalCheck(NpgsqlDataSource source, LoadOptions options)
{
    /// <summary>Everything that is wrong; empty when nothing is.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(Ledger ledger, PageReading pages, long before, long last)
    {
        var wrong = new List<string>();
        var acknowledged = ledger.AllEvents();
        var stored = await ColumnAsync<long>(
            $"select seq_id from {options.Schema}mt_events where seq_id > $1", last);
        Tell(wrong, "lost", acknowledged.Except(stored));
        Tell(wrong, "not acknowledged and there", stored.Except(acknowledged));
        Tell(wrong, "not seen by the reader of pages", acknowledged.Where(number => !pages.HasSeen(number)));
        await CountAsync(wrong, "events", before + acknowledged.Length, "select count(*) from {0}mt_events");
        await CountAsync(
            wrong, "distinct sequence numbers", before + acknowledged.Length,
            "select count(*) from (select distinct seq_id from {0}mt_events) e");
        await CountAsync(
            wrong, "distinct ids", before + acknowledged.Length,
            "select count(*) from (select distinct id from {0}mt_events) e");
        await CountAsync(
            wrong, "streams whose versions are not 1 to that of mt_streams", 0,
            """
            select count(*) from {0}mt_streams s full join (
                   select stream_id, tenant_id, count(*) as n, count(distinct version) as d, min(version) as l,
                       max(version) as h
                     from {0}mt_events group by 1, 2) e on e.stream_id = s.id and e.tenant_id = s.tenant_id
             where (coalesce(e.n, 0), coalesce(e.d, 0), coalesce(e.l, 1), coalesce(e.h, 0))
                   is distinct from (s.version, s.version, 1::bigint, s.version)
            """);
        foreach (var stream in ledger.AllStreams().TakeLast(200))
        {
            if (await new StreamReading(options, Only(stream), prepared: false).ReadOnceAsync(source) is { } error)
                wrong.Add(error);
        }

        return wrong;
    }

    private static Ledger Only(KnownStream stream)
    {
        var ledger = new Ledger();
        ledger.Add(stream);
        return ledger;
    }

    private static void Tell(List<string> wrong, string what, IEnumerable<long> events)
    {
        var numbers = events.ToList();
        if (numbers.Count > 0)
            wrong.Add($"{numbers.Count} events {what}: {string.Join(", ", numbers.Take(10))}");
    }

    private async Task CountAsync(List<string> wrong, string what, long expected, string sql)
    {
        var found = (await ColumnAsync<long>(sql.Replace("{0}", options.Schema, StringComparison.Ordinal)))[0];
        if (found != expected)
            wrong.Add($"{found} {what}, not {expected}");
    }

    private async Task<List<T>> ColumnAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetFieldValue<T>(0));
        return rows;
    }
}
