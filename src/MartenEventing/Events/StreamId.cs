using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using MartenEventing.Schema;

namespace MartenEventing.Events;

/// <summary>Names a stream: by a uuid or by a text, whichever the store uses.</summary>
public readonly struct StreamId : IEquatable<StreamId>
{
    /// <summary>The namespace of <see cref="FromName"/>: 1b1d6b2e-4c5e-5d0b-9a55-6d745f65766e.</summary>
    public static readonly Guid NameSpace = new("1b1d6b2e-4c5e-5d0b-9a55-6d745f65766e");

    private readonly Guid _guid;
    private readonly string? _name;

    /// <summary>Names a stream by a uuid.</summary>
    public StreamId(Guid id) => _guid = id;

    /// <summary>Names a stream by a text, compared character by character.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public StreamId(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _name = name;
    }

    /// <summary>What kind of name this is.</summary>
    public StreamIdentity Identity => _name is null ? StreamIdentity.Guid : StreamIdentity.String;

    /// <summary>The uuid; <see cref="Guid.Empty"/> for a stream named by a text.</summary>
    public Guid Guid => _guid;

    /// <summary>The text; null for a stream named by a uuid.</summary>
    public string? Name => _name;

    /// <summary>Names a stream by a uuid.</summary>
    public static implicit operator StreamId(Guid id) => new(id);

    /// <summary>Names a stream by a text.</summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static implicit operator StreamId(string name) => new(name);

    /// <summary>Compares.</summary>
    public static bool operator ==(StreamId left, StreamId right) => left.Equals(right);

    /// <summary>Compares.</summary>
    public static bool operator !=(StreamId left, StreamId right) => !left.Equals(right);

    /// <summary>
    /// The uuid that stands for a text in a store whose streams are named by uuids: version 5 of RFC 9562, SHA-1 of
    /// <see cref="NameSpace"/> and the UTF-8 text. The same text always gives the same uuid. Import and command line
    /// use it; appending never does so by itself.
    /// </summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 9562 asks for SHA-1; nothing is secured by it.")]
    public static StreamId FromName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var text = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        NameSpace.TryWriteBytes(text, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, text.AsSpan(16));
        var hash = SHA1.HashData(text).AsSpan(0, 16);
        hash[6] = (byte)(hash[6] & 0x0F | 0x50);
        hash[8] = (byte)(hash[8] & 0x3F | 0x80);
        return new Guid(hash, bigEndian: true);
    }

    /// <summary>
    /// The stream that people mean by a text: in a store of texts the text itself; in a store of uuids the uuid it
    /// spells, else <see cref="FromName"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static StreamId Parse(string text, StreamIdentity identity) =>
        identity == StreamIdentity.String ? new StreamId(text)
        : Guid.TryParseExact(text, "D", out var guid) ? new StreamId(guid)
        : FromName(text);

    /// <inheritdoc />
    public bool Equals(StreamId other) =>
        _guid == other._guid && string.Equals(_name, other._name, StringComparison.Ordinal);

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is StreamId other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => _name?.GetHashCode(StringComparison.Ordinal) ?? _guid.GetHashCode();

    /// <summary>The uuid or the text.</summary>
    public override string ToString() => _name ?? _guid.ToString();
}
