namespace MartenEventing.Benchmarks.Data;

/// <summary>
/// A made-up history of parcels: twelve events a stream in the median, one stream in 2,000 with hundreds; four streams
/// in five live for days, some for weeks, one in twenty for a year; every fourth id is random, the others are UUIDv7.
/// Events are stored seconds after they happened, one in a thousand up to two days later.
/// </summary>
internal sealed class EventHistory
{
    private const double MedianEvents = 12;
    private const double Spread = 0.9;

    private readonly HistoryOptions _options;
    private readonly Random _random;
    private readonly SeededIds _ids;
    private readonly List<GeneratedStream> _streams = [];

    private EventHistory(HistoryOptions options)
    {
        _options = options;
        _random = new Random(options.Seed);
        _ids = new SeededIds(_random);
    }

    public IReadOnlyList<GeneratedStream> Streams => _streams;

    /// <summary>
    /// All events in the order of their sequence numbers, the first one being <see cref="FirstSequence"/>.
    /// </summary>
    public IReadOnlyList<GeneratedEvent> Events { get; private set; } = [];

    public DateTimeOffset From => _options.From;

    public DateTimeOffset To => _options.To;

    public long FirstSequence => _options.SequenceBefore + 1;

    public long LastSequence => _options.SequenceBefore + Events.Count;

    public static EventHistory Create(HistoryOptions options)
    {
        var history = new EventHistory(options);
        var events = new List<GeneratedEvent>(options.Events);
        while (events.Count < options.Events)
            history.AddStream(events);
        events.Sort((one, other) => one.Arrival.CompareTo(other.Arrival));
        history.Events = events;
        return history;
    }

    private void AddStream(List<GeneratedEvent> events)
    {
        var life = _options.To - _options.From;
        var start = WholeMicroseconds(_options.From.UtcTicks + (long)(life.Ticks * _random.NextDouble()));
        var created = new DateTimeOffset(start, TimeSpan.Zero);
        var stream = new GeneratedStream(_random.Next(4) == 0 ? _ids.Any() : _ids.At(created), created);
        var wanted = Math.Min(Length(), _options.Events - events.Count);
        var pause = Pause();
        var (time, arrival) = (start, 0L);
        while (stream.Events < wanted && time < _options.To.UtcTicks)
        {
            arrival = Math.Max(arrival + TimeSpan.TicksPerMicrosecond, time + Delay());
            stream.Events++;
            stream.LastEvent = new DateTimeOffset(time, TimeSpan.Zero);
            events.Add(new GeneratedEvent(_streams.Count, stream.Events, time, arrival));
            time = WholeMicroseconds(time + TimeSpan.TicksPerMillisecond + (long)(pause.Ticks * Exponential()));
        }

        _streams.Add(stream);
    }

    private int Length() => _random.Next(2_000) == 0
        ? _random.Next(300, 1_500)
        : (int)Math.Ceiling(MedianEvents * Math.Exp(Spread * Normal()));

    private TimeSpan Pause() => _random.Next(20) switch
    {
        0 => TimeSpan.FromDays(30),
        < 4 => TimeSpan.FromDays(3),
        _ => TimeSpan.FromHours(6),
    };

    private long Delay() => _random.Next(1_000) == 0
        ? (long)(TimeSpan.FromDays(2).Ticks * _random.NextDouble())
        : (long)(TimeSpan.FromSeconds(2).Ticks * Exponential());

    private double Exponential() => -Math.Log(1 - _random.NextDouble());

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private static long WholeMicroseconds(long ticks) => ticks - (ticks % TimeSpan.TicksPerMicrosecond);
}
