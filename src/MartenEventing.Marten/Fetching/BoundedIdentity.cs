using JasperFx.Events;
using Marten.Events;
using Marten.Internal.Sessions;
using Marten.Linq.QueryHandlers;
using Weasel.Postgresql;
using Weasel.Postgresql.SqlGeneration;

namespace MartenEventing.Marten.Fetching;

/// <summary>Marten's way to a stream, its events read by a <see cref="BoundedStreams"/>.</summary>
internal sealed class BoundedIdentity<TId>(IEventIdentityStrategy<TId> martens, BoundedStreams streams)
    : IEventIdentityStrategy<TId> where TId : notnull
{
    public Task<IEventStorage> EnsureEventStorageExists<T>(
        DocumentSessionBase session, CancellationToken cancellation) =>
        martens.EnsureEventStorageExists<T>(session, cancellation);

    public void BuildCommandForReadingVersionForStream(
        bool isGlobal, ICommandBuilder builder, TId id, bool forUpdate) =>
        martens.BuildCommandForReadingVersionForStream(isGlobal, builder, id, forUpdate);

    public IEventStream<TDoc> StartStream<TDoc>(
        TDoc? document, DocumentSessionBase session, TId id, CancellationToken cancellation) where TDoc : class =>
        martens.StartStream(document, session, id, cancellation);

    public IEventStream<TDoc> AppendToStream<TDoc>(
        TDoc? document, DocumentSessionBase session, TId id, long version, CancellationToken cancellation)
        where TDoc : class =>
        martens.AppendToStream(document, session, id, version, cancellation);

    public IQueryHandler<IReadOnlyList<IEvent>> BuildEventQueryHandler(
        bool isGlobal, TId id, IEventStorage eventStorage, ISqlFragment? filter = null) =>
        Bounded(id, isGlobal, martens.BuildEventQueryHandler(isGlobal, id, eventStorage, filter));

    public IQueryHandler<IReadOnlyList<IEvent>> BuildEventQueryHandler(
        bool isGlobal, TId id, ISqlFragment? filter = null) =>
        Bounded(id, isGlobal, martens.BuildEventQueryHandler(isGlobal, id, filter));

    private IQueryHandler<IReadOnlyList<IEvent>> Bounded(
        TId id, bool isGlobal, IQueryHandler<IReadOnlyList<IEvent>> handler) =>
        id is null ? handler : new StreamEventsHandler<TId>(handler, streams, id, isGlobal);
}
