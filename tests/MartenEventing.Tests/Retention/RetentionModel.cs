using MartenEventing.Retention;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Retention;

/// <summary>Streams of random life, rules and holds; and what must be left of them.</summary>
internal sealed class RetentionModel(StoreDatabase store, Random random, EventTenancy tenancy)
{
    private readonly Dictionary<(string Tenant, Guid Id), ModelStream> _streams = [];
    private readonly List<(long Id, Func<(string Tenant, Guid Id), ModelStream, bool> Touches)> _holds = [];
    private readonly LegalHolds _legal = new(store.DataSource);

    public int Born { get; private set; }

    /// <summary>Each event that must be in an archive.</summary>
    public HashSet<string> RemovedEvents { get; } = [];

    public int Removed { get; private set; }

    public RetentionOptions Options { get; } = RetentionStore.ThreeMonths with
    {
        OlderThan = RetentionAge.Parse("5mo"),
        MinimumAge = RetentionAge.Parse("1mo"),
        Rules =
        [
            new RetentionRule { EventType = "signed", Age = RetentionAge.Parse("9mo") },
            new RetentionRule { StreamType = "note", Age = RetentionAge.Parse("2mo") },
            new RetentionRule { Header = "kept" },
            new RetentionRule { Tenant = "short", Age = RetentionAge.Parse("3mo") },
        ],
    };

    /// <summary>A month of appends, holds and masking.</summary>
    public async Task LiveAsync(DateTimeOffset now)
    {
        for (var i = 0; i < 12; i++)
        {
            var living = _streams.Where(s => s.Value.Ends > now).Select(s => s.Key).ToList();
            var name = living.Count > 0 && random.Next(3) > 0 ? living[random.Next(living.Count)] : Bear(now);
            await AppendAsync(name, _streams[name], TimeOf(now));
        }

        if (random.Next(3) == 0 && _streams.Count > 0)
            await HoldAsync(_streams.Keys.ElementAt(random.Next(_streams.Count)), now);
        if (_holds.Count > 2)
        {
            await _legal.LiftAsync(_holds[0].Id);
            _holds.RemoveAt(0);
        }
    }

    /// <summary>What retention must have removed by now.</summary>
    public void Expire(DateTimeOffset now)
    {
        foreach (var (name, stream) in _streams.ToList())
            if (stream.Times.Max() < FloorOf(name, stream, now) && !_holds.Exists(hold => hold.Touches(name, stream)))
            {
                _streams.Remove(name);
                Removed++;
                for (var version = 1; version <= stream.Times.Count; version++)
                    RemovedEvents.Add($"{name.Tenant} {name.Id} {version}");
            }
    }

    public List<string> Expected() =>
    [
        .. _streams.Select(s => $"{s.Key.Tenant} {s.Key.Id}: {string.Join(' ', s.Value.Times.Select(Micros))}")
            .Order(StringComparer.Ordinal),
    ];

    public async Task<List<string>> StoredAsync() =>
    [
        .. (await store.ColumnAsync<string>(
            """
            SELECT s.tenant_id || ' ' || s.id || ': ' || (
                   SELECT string_agg((extract(epoch FROM e.timestamp) * 1000000)::bigint::text, ' ' ORDER BY e.version)
                     FROM mt_events e WHERE e.stream_id = s.id AND e.tenant_id = s.tenant_id)
              FROM mt_streams s
             UNION ALL
            SELECT 'an event without a stream' FROM mt_events e
             WHERE NOT EXISTS (SELECT FROM mt_streams s WHERE s.id = e.stream_id AND s.tenant_id = e.tenant_id)
            """)).Order(StringComparer.Ordinal),
    ];

    private (string Tenant, Guid Id) Bear(DateTimeOffset now)
    {
        var tenant = random.Next(4) == 0 ? "short" : "*DEFAULT*";
        var known = _streams.Keys.Where(k => k.Tenant != tenant).ToList();
        var id = tenancy == EventTenancy.Conjoined && known.Count > 0 && random.Next(3) == 0
            ? known[random.Next(known.Count)].Id
            : Guid.NewGuid();
        if (_streams.ContainsKey((tenant, id)))
            id = Guid.NewGuid();
        var life = random.Next(4) == 0 ? random.Next(0, 500) : random.Next(0, 60);
        _streams[(tenant, id)] = new ModelStream(
            now.AddDays(life), random.Next(4) == 0, random.Next(6) == 0, random.Next(20) == 0);
        Born++;
        return (tenant, id);
    }

    private async Task AppendAsync((string Tenant, Guid Id) name, ModelStream stream, DateTimeOffset at)
    {
        stream.Times.Add(at);
        await store.ExecuteAsync(
            "INSERT INTO mt_streams (id, version, tenant_id, type) VALUES ($1, 0, $2, $3) ON CONFLICT DO NOTHING",
            name.Id, name.Tenant, stream.IsNote ? "note" : "parcel");
        await store.ExecuteAsync(
            """
            INSERT INTO mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, headers)
            VALUES (nextval('mt_events_sequence'), gen_random_uuid(), $1, $2, '1', $3, $4, $5, $6::text::jsonb)
            """,
            name.Id, (long)stream.Times.Count, stream.IsSigned && stream.Times.Count == 1 ? "signed" : "scanned", at,
            name.Tenant, stream.IsKept ? """{"kept": 1}""" : "{}");
    }

    private async Task HoldAsync((string Tenant, Guid Id) name, DateTimeOffset now)
    {
        if (random.Next(2) == 0)
        {
            var hold = await _legal.HoldStreamAsync($"{name.Id}", "a suit", tenant: name.Tenant);
            _holds.Add((hold.Id, (other, _) => other == name));
            return;
        }

        var from = now.AddDays(-random.Next(20, 200));
        var to = from.AddHours(random.Next(1, 200));
        var range = await _legal.HoldRangeAsync(from, to, "an audit");
        _holds.Add((range.Id, (_, stream) => stream.Times.Exists(at => at >= from && at < to)));
    }

    private DateTimeOffset TimeOf(DateTimeOffset now) => random.Next(10) switch
    {
        0 => now.AddDays(-random.Next(1, 300)),
        1 => now.AddDays(random.Next(1, 150)),
        _ => now.AddMinutes(-random.Next(1, 10_000)),
    };

    private DateTimeOffset FloorOf((string Tenant, Guid Id) name, ModelStream stream, DateTimeOffset now)
    {
        int[] ages = [.. Ages()];
        var floor = now.AddMonths(-(ages.Length == 0 ? 5 : ages.Max()));
        return new DateTimeOffset(floor.Year, floor.Month, 1, 0, 0, 0, TimeSpan.Zero);

        IEnumerable<int> Ages()
        {
            if (stream.IsSigned)
                yield return 9;
            if (stream.IsNote)
                yield return 2;
            if (stream.IsKept)
                yield return 12_000;
            if (name.Tenant == "short")
                yield return 3;
        }
    }

    private static long Micros(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / 10;

    private sealed record ModelStream(DateTimeOffset Ends, bool IsNote, bool IsSigned, bool IsKept)
    {
        public List<DateTimeOffset> Times { get; } = [];
    }
}
