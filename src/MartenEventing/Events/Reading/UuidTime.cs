using System.Buffers.Binary;

namespace MartenEventing.Events.Reading;

/// <summary>The instant that a UUIDv7 was made at.</summary>
internal static class UuidTime
{
    private const long LastMillisecond = 200_000_000_000_000;  // in the year 8307

    /// <summary>Null for any other kind of UUID.</summary>
    public static DateTimeOffset? Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return id.Version == 7 && milliseconds <= LastMillisecond
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
    }
}
