namespace MartenEventing.Load;

/// <summary>A stream, and up to which version its events are acknowledged.</summary>
internal sealed class KnownStream(Guid id, long version)
{
    private long _version = version;

    public Guid Id => id;

    /// <summary>The highest version acknowledged. Only grows.</summary>
    public long Version => Interlocked.Read(ref _version);

    public void Reached(long version)
    {
        for (var known = Version; version > known; known = Version)
            Interlocked.CompareExchange(ref _version, version, known);
    }
}
