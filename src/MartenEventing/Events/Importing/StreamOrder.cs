namespace MartenEventing.Events.Importing;

/// <summary>An order of streams: uuids as PostgreSQL orders them, texts character by character.</summary>
internal static class StreamOrder
{
    public static int Compare(StreamId one, StreamId other) =>
        one.Name is null ? one.Guid.CompareTo(other.Guid) : string.CompareOrdinal(one.Name, other.Name);
}
