using MartenEventing.Benchmarks.Data;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>What one call appends: new events of one stream, as arrays.</summary>
internal sealed class AppendedEvents
{
    /// <summary>Events in a call.</summary>
    public const int Count = 10;

    private readonly Random _random;
    private readonly IReadOnlyList<Guid> _streams;
    private int _number;

    /// <summary>One call in four begins a stream, the others go to one of these.</summary>
    public AppendedEvents(int seed, IReadOnlyList<Guid> streams)
    {
        _random = new Random(seed);
        _streams = streams;
    }

    public Guid Stream { get; private set; }

    public Guid[] Ids { get; } = new Guid[Count];

    public string[] Types { get; } = new string[Count];

    public string[] DotNetTypes { get; } = new string[Count];

    public string[] Bodies { get; } = new string[Count];

    public DateTime[] Timestamps { get; } = new DateTime[Count];

    /// <summary>Makes up the events of the next call.</summary>
    public void Next()
    {
        var now = DateTime.UtcNow;
        Stream = _random.Next(4) == 0 ? Guid.CreateVersion7() : _streams[_random.Next(_streams.Count)];
        for (var place = 0; place < Count; place++, _number++)
        {
            Ids[place] = Guid.CreateVersion7();
            Types[place] = ParcelEvents.Type(_number);
            DotNetTypes[place] = ParcelEvents.DotNetType(_number);
            Bodies[place] = ParcelEvents.Body(_number);
            Timestamps[place] = now;
        }
    }
}
