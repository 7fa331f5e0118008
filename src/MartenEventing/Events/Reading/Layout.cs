namespace MartenEventing.Events.Reading;

/// <summary>
/// The tables of a store as the catalogs had them. Whoever uses it checks what he reads; see docs/decisions/D7.
/// </summary>
internal sealed class Layout
{
    private static readonly TimeSpan ShortLife = TimeSpan.FromDays(7);

    private readonly Dictionary<uint, Leaf> _byOid;

    public Layout(IReadOnlyList<Leaf> leaves, bool isPlain, long epoch, string fingerprint, bool seesBounds)
    {
        Leaves = leaves;
        IsPlain = isPlain;
        Epoch = epoch;
        Fingerprint = fingerprint;
        SeesBounds = seesBounds;
        _byOid = leaves.ToDictionary(leaf => leaf.Oid);
    }

    /// <summary>In the order of time.</summary>
    public IReadOnlyList<Leaf> Leaves { get; }

    /// <summary>True when all events are in one table.</summary>
    public bool IsPlain { get; }

    /// <summary>Counts the changes of what partitions promise; read before the partitions were.</summary>
    public long Epoch { get; }

    /// <summary>Tells which partitions are attached; read before the partitions were.</summary>
    public string Fingerprint { get; }

    /// <summary>Whether the recorded bounds of streams may be read from their table.</summary>
    public bool SeesBounds { get; }

    /// <summary>
    /// Where a stream not seen before may be: a UUIDv7 tells when it was made, and most streams are short-lived.
    /// Nowhere when its name tells nothing.
    /// </summary>
    public IReadOnlyList<Leaf> Guess(StreamId stream) =>
        UuidTime.Of(stream.Guid) is { } made ? Between(made, made + ShortLife) : [];

    public Leaf? Find(uint oid) => _byOid.GetValueOrDefault(oid);

    /// <summary>The leaf of an instant; null when there is none.</summary>
    public Leaf? At(DateTimeOffset time) => Leaves.FirstOrDefault(leaf => leaf.From <= time && time < leaf.To);

    /// <summary>The leaves that hold events of this span, both ends included.</summary>
    public IReadOnlyList<Leaf> Between(DateTimeOffset first, DateTimeOffset last) =>
        [.. Leaves.Where(leaf => leaf.From <= last && first < leaf.To)];
}
