namespace MartenEventing.Tests;

/// <summary>A clock that tells times at random, on both sides of the next month boundary.</summary>
public sealed class ScatteredClock(int seed) : TimeProvider
{
    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return Months.Boundary.AddHours(_random.NextDouble() * 1200 - 600);
    }
}
