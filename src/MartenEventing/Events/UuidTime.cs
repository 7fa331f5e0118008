using System.Buffers.Binary;

namespace MartenEventing.Events;

/// <summary>
/// The instant that a UUID was made at, if it begins with one: UUIDv7, Marten's CombGuid and ULIDs begin with 48 bits
/// of Unix milliseconds. Of random UUIDs one in ninety looks like it: whoever asks proves what he finds there.
/// </summary>
public static class UuidTime
{
    private const long First = 946_684_800_000;            // in the year 2000
    private const long Last = 4_102_444_800_000;           // in the year 2100
    private const long LastOfVersion7 = 200_000_000_000_000;  // in the year 8307

    /// <summary>Null for one that does not begin with a plausible instant.</summary>
    public static DateTimeOffset? Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return milliseconds is >= First and < Last || (id.Version == 7 && milliseconds <= LastOfVersion7)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
    }
}
