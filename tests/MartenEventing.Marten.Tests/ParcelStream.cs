using JasperFx.Events;
using Marten;
using Marten.Events;

namespace MartenEventing.Tests;

/// <summary>A parcel's stream, by guid or by string: the same calls for both.</summary>
/// <param name="Id">Meaningless when there is a key.</param>
/// <param name="Key">Null when the stream goes by guid.</param>
public readonly record struct ParcelStream(Guid Id, string? Key)
{
    /// <summary>As parameter of a statement.</summary>
    public object Value => Key is null ? Id : Key;

    public static ParcelStream New(StreamIdentity identity) => identity == StreamIdentity.AsGuid
        ? new(Guid.NewGuid(), null)
        : new(Guid.Empty, "parcel-" + Guid.NewGuid());

    public StreamAction Start(IDocumentSession session, params object[] events) => Key is null
        ? session.Events.StartStream<Parcel>(Id, events)
        : session.Events.StartStream<NamedParcel>(Key, events);

    public StreamAction Append(IDocumentSession session, params object[] events) =>
        Key is null ? session.Events.Append(Id, events) : session.Events.Append(Key, events);

    public StreamAction AppendExpecting(IDocumentSession session, long version, params object[] events) =>
        Key is null ? session.Events.Append(Id, version, events) : session.Events.Append(Key, version, events);

    public Task AppendOptimisticAsync(IDocumentSession session, params object[] events) => Key is null
        ? session.Events.AppendOptimistic(Id, events)
        : session.Events.AppendOptimistic(Key, events);

    public Task AppendExclusiveAsync(IDocumentSession session, params object[] events) => Key is null
        ? session.Events.AppendExclusive(Id, events)
        : session.Events.AppendExclusive(Key, events);

    public void Archive(IDocumentSession session)
    {
        if (Key is null)
            session.Events.ArchiveStream(Id);
        else
            session.Events.ArchiveStream(Key);
    }

    public Task<IReadOnlyList<IEvent>> FetchAsync(IQuerySession session) =>
        Key is null ? session.Events.FetchStreamAsync(Id) : session.Events.FetchStreamAsync(Key);

    public Task<StreamState?> FetchStateAsync(IQuerySession session) =>
        Key is null ? session.Events.FetchStreamStateAsync(Id) : session.Events.FetchStreamStateAsync(Key);

    public async Task<IParcel?> AggregateAsync(
        IQuerySession session, long version = 0, DateTimeOffset? timestamp = null) => Key is null
        ? await session.Events.AggregateStreamAsync<Parcel>(Id, version, timestamp)
        : await session.Events.AggregateStreamAsync<NamedParcel>(Key, version, timestamp);

    public async Task<IParcel?> FetchLatestAsync(IDocumentSession session) => Key is null
        ? await session.Events.FetchLatest<Parcel>(Id)
        : await session.Events.FetchLatest<NamedParcel>(Key);

    public async Task<ParcelWriting> FetchForWritingAsync(IDocumentSession session) => Key is null
        ? ParcelWriting.Of(await session.Events.FetchForWriting<Parcel>(Id))
        : ParcelWriting.Of(await session.Events.FetchForWriting<NamedParcel>(Key));

    public async Task<ParcelWriting> FetchForWritingAsync(IDocumentSession session, long version) => Key is null
        ? ParcelWriting.Of(await session.Events.FetchForWriting<Parcel>(Id, version))
        : ParcelWriting.Of(await session.Events.FetchForWriting<NamedParcel>(Key, version));

    public async Task<ParcelWriting> FetchForExclusiveWritingAsync(IDocumentSession session) => Key is null
        ? ParcelWriting.Of(await session.Events.FetchForExclusiveWriting<Parcel>(Id))
        : ParcelWriting.Of(await session.Events.FetchForExclusiveWriting<NamedParcel>(Key));
}
