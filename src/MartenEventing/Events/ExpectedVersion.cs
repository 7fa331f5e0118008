namespace MartenEventing.Events;

/// <summary>What an append expects of its stream.</summary>
public readonly record struct ExpectedVersion
{
    private readonly bool _given;
    private readonly long _version;

    private ExpectedVersion(long version)
    {
        _given = true;
        _version = version;
    }

    /// <summary>Whatever is there. The default.</summary>
    public static ExpectedVersion Any => default;

    /// <summary>The stream has no events yet.</summary>
    public static ExpectedVersion NoStream => new(0);

    /// <summary>The version expected; null for <see cref="Any"/>, 0 for <see cref="NoStream"/>.</summary>
    public long? Value => _given ? _version : null;

    /// <summary>The version of the stream's last event is this one.</summary>
    /// <param name="version">0 or more; 0 is <see cref="NoStream"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The version is negative.</exception>
    public static ExpectedVersion Exact(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return new ExpectedVersion(version);
    }

    /// <summary>Same as <see cref="Exact"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The version is negative.</exception>
    public static implicit operator ExpectedVersion(long version) => Exact(version);

    /// <summary>The number, or <c>any version</c>.</summary>
    public override string ToString() => _given ? $"version {_version}" : "any version";
}
