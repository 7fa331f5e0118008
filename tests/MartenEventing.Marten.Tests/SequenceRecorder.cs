using System.Collections.Concurrent;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;

namespace MartenEventing.Tests;

/// <summary>A subscription that writes down the sequence of every event it is given.</summary>
public sealed class SequenceRecorder : ISubscription
{
    private readonly ConcurrentQueue<long> _sequences = new();

    public IReadOnlyCollection<long> Sequences => _sequences;

    public Task<IChangeListener> ProcessEventsAsync(
        EventRange page,
        ISubscriptionController controller,
        IDocumentOperations operations,
        CancellationToken cancellationToken)
    {
        foreach (var @event in page.Events)
            _sequences.Enqueue(@event.Sequence);
        return Task.FromResult<IChangeListener>(NullChangeListener.Instance);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
