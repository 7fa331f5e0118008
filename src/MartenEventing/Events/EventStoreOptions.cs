using System.Runtime.CompilerServices;

namespace MartenEventing.Events;

/// <summary>How an event store is used.</summary>
public sealed record EventStoreOptions
{
    /// <summary>The schema of the store. Default <c>public</c>.</summary>
    public string SchemaName { get; init; } = "public";

    /// <summary>
    /// The tenant that the store speaks for. Where tenants have streams of their own (conjoined), all that it reads and
    /// writes is this tenant's; where they share them, this is only noted on the events it appends. Default null:
    /// Marten's default tenant, <c>*DEFAULT*</c>.
    /// </summary>
    public string? TenantId { get; init; }

    /// <summary>
    /// How many streams are remembered with the partitions their events lie in, 0 to 10,000,000; about 200 bytes each.
    /// Reading a stream that is not remembered takes one more round trip. Default 10,000.
    /// </summary>
    public int RememberedStreams { get; init; } = 10_000;

    /// <summary>
    /// How many events of a stream are fetched at once, 1 to 100,000: what bounds the memory. Default 2,000.
    /// </summary>
    public int ChunkSize { get; init; } = 2_000;

    /// <summary>
    /// Whether statements are prepared on the connections. Turn it off behind a pooler that cannot keep prepared
    /// statements apart (PgBouncer before 1.21 in transaction mode). Default true.
    /// </summary>
    public bool Prepare { get; init; } = true;

    /// <summary>How often a call is tried again after a transient fault, 0 to 20. Default 6.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>
    /// How long to wait before the first retry, up to 1 minute; each further wait is twice as long, 5 seconds at most,
    /// give or take a random part. Default 100 milliseconds.
    /// </summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long reading all events waits for transactions that may still store an event before one already stored, up
    /// to 10 minutes; then the reading ends before the gap. Default 3 seconds.
    /// </summary>
    public TimeSpan GapPatience { get; init; } = TimeSpan.FromSeconds(3);

    internal EventStoreOptions Validated()
    {
        if (string.IsNullOrEmpty(SchemaName))
            throw new ArgumentException(
                $"{nameof(EventStoreOptions)}.{nameof(SchemaName)} is empty.", nameof(SchemaName));
        if (TenantId is { } tenant && (tenant.Length == 0 || tenant.Contains('\0')))
            throw new ArgumentException(
                $"{nameof(EventStoreOptions)}.{nameof(TenantId)} has {tenant.Length} characters. Allowed: at "
                + "least 1, none of them U+0000; or null for the default tenant.",
                nameof(TenantId));
        Require(RememberedStreams, 0, 10_000_000);
        Require(ChunkSize, 1, 100_000);
        Require(Retries, 0, 20);
        Require(RetryDelay, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Require(GapPatience, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        return this;
    }

    private static void Require<T>(
        T value, T least, T most, [CallerArgumentExpression(nameof(value))] string option = "")
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            throw new ArgumentException(
                $"{nameof(EventStoreOptions)}.{option} is {value}. Allowed: {least} to {most}.", option);
    }
}
