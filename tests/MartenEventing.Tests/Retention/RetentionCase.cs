using System.Globalization;
using System.Text;
using MartenEventing.Maintenance;
using MartenEventing.PartitionArchive;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Retention;

/// <summary>
/// One short history by chance: months of appends, holds, roll-ups, restores and runs under a policy, with runs broken
/// off and writers in the midst of them; after each run the store is what the model says.
/// </summary>
internal sealed class RetentionCase
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly CaseStore _cases;
    private readonly Random _random;
    private readonly CasePolicy _policy;
    private readonly CaseEvents _events;
    private readonly LegalHolds _legal;
    private readonly Dictionary<string, CaseStream> _streams = [];
    private readonly Dictionary<string, CaseStream> _removed = [];
    private readonly List<(long Id, Func<CaseStream, bool> Touches)> _holds = [];
    private readonly MemoryStorage? _storage;
    private readonly StringBuilder _log = new();
    private DateTimeOffset _now;
    private long _progress = long.MaxValue;

    private sealed class Interrupted : Exception;

    public RetentionCase(CaseStore cases, int seed)
    {
        _cases = cases;
        _random = new Random(seed);
        _policy = new CasePolicy(_random);
        _events = new CaseEvents(cases, _random);
        _legal = new LegalHolds(cases.Store.DataSource);
        _storage = _random.Next(3) > 0 ? new MemoryStorage() : null;
    }

    /// <summary>What happened, for people.</summary>
    public string Log => $"{_policy}\n{_log}";

    /// <summary>How many streams went.</summary>
    public int Removed { get; private set; }

    public async Task RunAsync()
    {
        var first = Epoch.AddMonths(_random.Next(-40, 40));
        await _cases.BeginAsync(first, 6);
        _now = first.AddMonths(5);
        for (var i = _random.Next(4, 12); i > 0; i--)
            await AppendAsync(
                i % 3 > 0 && _streams.Count > 0 ? One() : Bear(), first.AddMinutes(_random.Next(-20_000, 200_000)));
        for (var round = _random.Next(2, 5); round > 0; round--)
        {
            _now = _now.AddHours(_random.Next(1, 1800));
            await _cases.Store.ExecuteAsync("SELECT mt_provision_partitions('month', 1, $1)", _now);
            await LiveAsync();
            await ApplyAsync();
        }
    }

    private async Task LiveAsync()
    {
        for (var i = _random.Next(1, 6); i > 0; i--)
            await AppendAsync(_streams.Count > 0 && _random.Next(3) > 0 ? One() : Bear(), TimeOf());
        if (_random.Next(4) == 0)
            await HoldAsync();
        if (_holds.Count > 0 && _random.Next(3) == 0)
        {
            Say($"lift {_holds[0].Id}");
            await _legal.LiftAsync(_holds[0].Id);
            _holds.RemoveAt(0);
        }

        if (_random.Next(4) == 0)
            await ProjectAsync();
        if (_random.Next(5) == 0)
            await RollUpAsync();
        if (_storage is not null && _random.Next(3) == 0)
            await RestoreAsync(_storage);
    }

    private async Task ApplyAsync()
    {
        var partitions = await _events.PartitionsAsync();
        var floor = _policy.Edge(partitions, _now);
        Say($"apply, floor {floor:yyyy-MM-dd}, head ends {partitions[0].To:yyyy-MM-dd}");
        var isExact = true;
        var moments = _random.Next(2) == 0 ? _random.Next(1, 30) : int.MaxValue;
        RetentionReport report;
        try
        {
            report = await Retention(async (step, moment) =>
            {
                if (moment == StepMoment.Uncommitted || --moments != 0)
                    return;
                isExact = false;
                Say($"  at {step} {moment}:");
                if (_random.Next(2) == 0)
                    throw new Interrupted();
                await DisturbAsync();
            }).ApplyAsync();
        }
        catch (Interrupted)
        {
            Say("  broken off");
            for (var i = _random.Next(3); i > 0; i--)
                await DisturbAsync();
            if (_random.Next(3) == 0)
                await CheckAsync(floor, isExact: false);
            report = await Retention(null).ApplyAsync();
        }

        Say($"  {report.Expired.Count} expired {string.Join(", ", report.Gates.Select(gate => gate.Kind))}");
        isExact &= _progress == long.MaxValue && report.Gates.All(gate => gate.Kind == RetentionGateKind.MinimumAge);
        await CheckAsync(floor, isExact);
        if (!report.IsIncomplete) // else a run that was broken off may wait for the gate to open
            await _cases.Store.ShouldBeTidyAsync();
    }

    private StoreRetention Retention(Func<string, StepMoment, Task>? observer) =>
        new(_cases.Store.DataSource, "public", _policy.Options, new TestClock(_now))
        {
            ArchiveStorage = _storage, Observer = observer,
        };

    private async Task CheckAsync(DateTimeOffset? floor, bool isExact)
    {
        (await _events.InconsistenciesAsync()).ShouldBeEmpty();
        var stored = await _events.StreamsAsync();
        stored.Keys.Except(_streams.Keys).ShouldBeEmpty("streams that should be gone");
        foreach (var stream in _streams.Values.ToList())
        {
            if (stored.TryGetValue(stream.Name, out var found))
            {
                found.ShouldBe(stream.Describe());
                if (isExact && MayGo(stream, floor))
                    Assert.Fail($"{stream.Describe()}, newest {stream.Newest:u}, should be gone");
                continue;
            }

            if (!MayGo(stream, floor))
                Assert.Fail($"{stream.Describe()}, newest {stream.Newest:u}, is gone");
            _streams.Remove(stream.Name);
            _removed[stream.Name] = stream;
            Removed++;
            Say($"  gone: {stream.Describe()}");
        }

        if (_storage is not null && _removed.Count > 0)
            (await ArchivedAsync(_storage)).IsSupersetOf(
                _removed.Values.SelectMany(s => s.Events.Select(e => e.Sequence)))
                .ShouldBeTrue("what is removed is in an archive");
    }

    private bool MayGo(CaseStream stream, DateTimeOffset? edge) =>
        stream.Newest < _policy.FloorOf(stream, edge, _now) && stream.Newest < _policy.Youngest(_now)
        && !_holds.Exists(hold => hold.Touches(stream)) && stream.Events.All(e => e.Sequence <= _progress);

    /// <summary>A writer or a lawyer, at a moment of a run.</summary>
    private async Task DisturbAsync()
    {
        if (_random.Next(4) == 0)
            await HoldAsync();
        else if (_streams.Count > 0)
            await AppendAsync(One(), TimeOf(), mustBeThere: true);
    }

    private async Task AppendAsync(CaseStream stream, DateTimeOffset at, bool mustBeThere = false)
    {
        if (await _events.AppendAsync(stream, at, _now, mustBeThere))
            Say($"  append {stream.Name} {stream.Events.Count}@{stream.Events[^1].Sequence} of {at:u}");
    }

    /// <summary>A hold on what is there at this moment.</summary>
    private async Task HoldAsync()
    {
        if (_streams.Count == 0)
            return;
        LegalHold hold;
        var there = new HashSet<string>();
        Func<CaseStream, bool> touches;
        if (_random.Next(2) == 0)
        {
            var stream = One();
            hold = await _legal.HoldStreamAsync($"{stream.Id}", "a suit", tenant: stream.Tenant);
            touches = other => other.Name == stream.Name;
        }
        else
        {
            var from = _now.AddDays(-_random.Next(10, 150));
            var to = from.AddHours(_random.Next(1, 200));
            hold = await _legal.HoldRangeAsync(from, to, "an audit");
            touches = other => other.Events.Exists(e => e.At >= from && e.At < to);
        }

        there.UnionWith((await _events.StreamsAsync()).Keys);
        var gone = _streams.Keys.Where(name => !there.Contains(name)).ToHashSet();
        _holds.Add((hold.Id, stream => touches(stream) && !gone.Contains(stream.Name)));
        Say($"  hold {hold.Id} {hold.Kind}");
    }

    private async Task ProjectAsync()
    {
        var last = _streams.Values.SelectMany(s => s.Events).Select(e => e.Sequence).DefaultIfEmpty(1).Max();
        _progress = _random.Next(2) == 0 ? long.MaxValue : Math.Max(0, last - _random.Next(12));
        Say($"  projection at {_progress}");
        await _cases.Store.ExecuteAsync(
            """
            INSERT INTO mt_event_progression (name, last_seq_id) VALUES ('Parcels:All', $1)
            ON CONFLICT (name) DO UPDATE SET last_seq_id = excluded.last_seq_id
            """,
            _progress);
    }

    private async Task RollUpAsync()
    {
        var options = new PartitionOptions
        {
            RollUpInto = PartitionPeriod.Quarter, RollUpAge = TimeSpan.FromDays(7), PeriodsAhead = 1,
        };
        var report = await new MaintenancePass(_cases.Store.DataSource, "public", options, new TestClock(_now))
            .RollUpAsync();
        Say($"  rolled up: {string.Join(' ', report.RolledUp)}");
    }

    /// <summary>Streams that were removed come back whole; what has not left stays as it is.</summary>
    private async Task RestoreAsync(MemoryStorage storage)
    {
        var archives = (await new PartitionArchives(storage).ListAsync()).Where(entry => entry.Manifest is not null)
            .ToList();
        if (archives.Count == 0)
            return;
        var name = archives[_random.Next(archives.Count)].Name;
        var back = await EventsAsync(storage, name);
        var report = await new PartitionArchiveRestorer(_cases.Store.DataSource, "public", storage).RestoreAsync(name);
        Say($"  restored {name}: {report.Events} events, {report.NewStreams} streams, {report.EventsThere} there");
        foreach (var stream in _removed.Values.Where(s => s.Events.Exists(e => back.Contains(e.Sequence))).ToList())
        {
            _removed.Remove(stream.Name);
            _streams.Add(stream.Name, stream);
        }

        await CheckAsync(null, isExact: false);
    }

    private static async Task<HashSet<long>> ArchivedAsync(MemoryStorage storage)
    {
        var archives = new PartitionArchives(storage);
        var events = new HashSet<long>();
        foreach (var entry in await archives.ListAsync())
            if (entry.Manifest is not null && (await archives.VerifyAsync(entry.Name)).IsSound)
                events.UnionWith(await EventsAsync(storage, entry.Name));
        return events;
    }

    private static async Task<HashSet<long>> EventsAsync(MemoryStorage storage, string name) =>
        [.. await new PartitionArchives(storage).QueryAsync(name, new ArchiveQuery()).Select(e => e.Sequence)
            .ToListAsync()];

    private CaseStream One() =>
        _streams.Values.OrderBy(s => s.Name, StringComparer.Ordinal).ElementAt(_random.Next(_streams.Count));

    private CaseStream Bear()
    {
        var tenant = _random.Next(4) == 0 ? "short" : "*DEFAULT*";
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        var twin = _streams.Values.FirstOrDefault(s => s.Tenant != tenant && !_streams.ContainsKey($"{tenant} {s.Id}")
            && !_removed.ContainsKey($"{tenant} {s.Id}"));
        var id = _cases.Tenancy == EventTenancy.Conjoined && twin is not null && _random.Next(3) == 0 ? twin.Id
            : new Guid(bytes);
        var stream = new CaseStream(tenant, id, _random.Next(4) == 0, _random.Next(5) == 0, _random.Next(8) == 0);
        _streams.Add(stream.Name, stream);
        return stream;
    }

    /// <summary>
    /// Mostly of late; now and then long ago, to come, at the very bound of a month, or as another event.
    /// </summary>
    private DateTimeOffset TimeOf() => _random.Next(8) switch
    {
        0 => _now.AddMinutes(-_random.Next(1, 400_000)),
        1 => _now.AddMinutes(_random.Next(1, 200_000)),
        2 => new DateTimeOffset(_now.Year, _now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(-_random.Next(5)),
        3 when _streams.Values.SelectMany(s => s.Events).FirstOrDefault() is { Sequence: > 0 } other => other.At,
        _ => _now.AddMinutes(-_random.Next(1, 10_000)),
    };

    private void Say(string what) => _log.AppendLine(CultureInfo.InvariantCulture, $"{_now:yyyy-MM-dd} {what}");
}
