using MartenEventing.Schema;

namespace MartenEventing.Events;

/// <summary>A stream was named in another way than the store names streams.</summary>
public sealed class StreamIdentityMismatchException : EventStoreException
{
    internal StreamIdentityMismatchException(StreamId stream, StreamIdentity storeIdentity)
        : base(storeIdentity == StreamIdentity.Guid
            ? $"The store names streams by uuid, and \"{stream}\" is a text. StreamId.FromName gives the uuid that "
                + "stands for it."
            : $"The store names streams by text, and {stream} is a uuid. Name the stream by a text: its ToString(), "
                + "for instance.")
    {
        Stream = stream;
        StoreIdentity = storeIdentity;
    }

    /// <summary>The stream as it was named.</summary>
    public StreamId Stream { get; }

    /// <summary>What names a stream in the store.</summary>
    public StreamIdentity StoreIdentity { get; }
}
