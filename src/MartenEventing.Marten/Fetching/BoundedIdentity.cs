using JasperFx.Events;
using Marten.Events;
using Marten.Internal.Sessions;
using Marten.Linq.QueryHandlers;
using MartenEventing.Schema;
using Weasel.Postgresql;
using Weasel.Postgresql.SqlGeneration;

namespace MartenEventing.Marten.Fetching;

/// <summary>Marten's way to a stream, but for events of an <see cref="Attempt"/>.</summary>
internal sealed class BoundedIdentity<TId>(
    IEventIdentityStrategy<TId> martens, StreamTable streams, PartitionPeriod period) : IEventIdentityStrategy<TId>
    where TId : notnull
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
        filter is null && Attempt.Current is { } attempt
            ? new BoundedEventsHandler<TId>(attempt, streams, period, id, isGlobal,
                span => martens.BuildEventQueryHandler(isGlobal, id, eventStorage, span))
            : martens.BuildEventQueryHandler(isGlobal, id, eventStorage, filter);

    public IQueryHandler<IReadOnlyList<IEvent>> BuildEventQueryHandler(
        bool isGlobal, TId id, ISqlFragment? filter = null) =>
        martens.BuildEventQueryHandler(isGlobal, id, filter);
}
