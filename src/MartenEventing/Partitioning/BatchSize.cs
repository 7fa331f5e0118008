namespace MartenEventing.Partitioning;

/// <summary>
/// How many events the next batch moves: as many as fit into the pause allowed, by how long the last one held its
/// locks.
/// </summary>
internal sealed class BatchSize(int most, TimeSpan pause)
{
    /// <summary>
    /// What it costs to move the bound does not depend on the events, so smaller ones only take longer.
    /// </summary>
    private readonly int _least = Math.Min(500, most);

    public int Next { get; private set; } = Math.Min(500, most);

    public void Learn(TimeSpan held)
    {
        var factor = Math.Clamp(pause / held, 0.2, 1.5);
        Next = Math.Clamp((int)(Next * factor), _least, most);
    }
}
