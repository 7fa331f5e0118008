namespace MartenEventing.Benchmarks.Data;

/// <summary>UUIDs that come out the same for the same seed.</summary>
internal sealed class SeededIds(Random random)
{
    /// <summary>A UUIDv4.</summary>
    public Guid Any() => Build(4);

    /// <summary>A UUIDv7 of an instant.</summary>
    public Guid At(DateTimeOffset instant)
    {
        Span<byte> bytes = stackalloc byte[16];
        Build(7).TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = instant.ToUnixTimeMilliseconds();
        for (var place = 5; place >= 0; place--, milliseconds >>= 8)
            bytes[place] = (byte)milliseconds;
        return new Guid(bytes, bigEndian: true);
    }

    private Guid Build(int version)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | (version << 4));
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
