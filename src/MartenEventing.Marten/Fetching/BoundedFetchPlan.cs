using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Events;
using Marten.Internal.Sessions;
using Marten.Linq.QueryHandlers;
using MartenEventing.Schema;

namespace MartenEventing.Marten.Fetching;

/// <summary>
/// Marten's plan for a live aggregate, run where the stream is likely to be; where that misses an event, in the
/// stream's life as mt_streams tells it; and where that does, too, as Marten alone would. What is part of a batch of
/// queries cannot be run again, and is left to Marten.
/// </summary>
internal sealed class BoundedFetchPlan<TDoc, TId>(
    IAggregateFetchPlan<TDoc, TId> martens, StreamSpans spans, PartitionPeriod period)
    : IAggregateFetchPlan<TDoc, TId> where TDoc : class where TId : notnull
{
    public ProjectionLifecycle Lifecycle => martens.Lifecycle;

    public Task<IEventStream<TDoc>> FetchForWriting(
        DocumentSessionBase session, TId id, bool forUpdate, CancellationToken cancellation = default) =>
        RunAsync(session, id, () => martens.FetchForWriting(session, id, forUpdate, cancellation));

    public Task<IEventStream<TDoc>> FetchForWriting(
        DocumentSessionBase session, TId id, long expectedStartingVersion, CancellationToken cancellation = default) =>
        RunAsync(session, id, () => martens.FetchForWriting(session, id, expectedStartingVersion, cancellation));

    public async ValueTask<TDoc?> FetchForReading(
        DocumentSessionBase session, TId id, CancellationToken cancellation) =>
        await RunAsync(session, id, () => martens.FetchForReading(session, id, cancellation).AsTask());

    public async ValueTask<TDoc?> ProjectLatest(
        DocumentSessionBase session, TId id, CancellationToken cancellation) =>
        await RunAsync(session, id, () => martens.ProjectLatest(session, id, cancellation).AsTask());

    public Task<bool> StreamForReading(
        DocumentSessionBase session, TId id, Stream destination, CancellationToken cancellation) =>
        RunAsync(session, id, () => martens.StreamForReading(session, id, destination, cancellation));

    public IQueryHandler<IEventStream<TDoc>> BuildQueryHandler(
        QuerySession session, TId id, long expectedStartingVersion) =>
        martens.BuildQueryHandler(session, id, expectedStartingVersion);

    public IQueryHandler<IEventStream<TDoc>> BuildQueryHandler(QuerySession session, TId id, bool forUpdate) =>
        martens.BuildQueryHandler(session, id, forUpdate);

    public IQueryHandler<TDoc?> BuildQueryHandler(QuerySession session, TId id) =>
        martens.BuildQueryHandler(session, id);

    private async Task<T> RunAsync<T>(DocumentSessionBase session, TId id, Func<Task<T>> run)
    {
        var (database, tenant) = (session.Database, session.TenantId);
        var attempt = new Attempt(spans.Guess(database, tenant, id, period));
        while (true)
        {
            Attempt.Current = attempt;
            try
            {
                var result = await run();
                if (attempt.Found is { } found && found != attempt.Within)
                    spans.Remember(database, tenant, id, found);
                return result;
            }
            catch (SpanMissedException)
            {
                attempt = new Attempt(NextOf(attempt));
            }
            finally
            {
                Attempt.Current = null;
            }
        }
    }

    private StreamSpan NextOf(Attempt missed) =>
        missed.Within is not null && missed.Within == missed.Life ? StreamSpan.Whole
            : missed.Life ?? (missed.Within is null ? Nowhere : StreamSpan.Whole);

    /// <summary>There is no such stream, and as little as can be is read to see that it has no events.</summary>
    private StreamSpan Nowhere => StreamSpan.Of(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, period);
}
