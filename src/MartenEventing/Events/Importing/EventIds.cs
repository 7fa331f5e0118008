using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MartenEventing.Events.Importing;

/// <summary>
/// UUIDv7 like <see cref="Guid.CreateVersion7()"/>, which asks the system for random bits once for each.
/// </summary>
internal sealed class EventIds
{
    private const int Length = 16;

    private readonly byte[] _random = new byte[256 * Length];
    private int _used;

    public EventIds() => _used = _random.Length;

    public Guid Next()
    {
        if (_used == _random.Length)
        {
            RandomNumberGenerator.Fill(_random);
            _used = 0;
        }

        var id = _random.AsSpan(_used, Length);
        _used += Length;
        var milliseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)(milliseconds >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(id[2..], (uint)milliseconds);
        id[6] = (byte)(id[6] & 0x0F | 0x70);
        id[8] = (byte)(id[8] & 0x3F | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
