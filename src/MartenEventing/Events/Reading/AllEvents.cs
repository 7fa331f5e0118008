using System.Runtime.CompilerServices;
using MartenEventing.Events.Connecting;

namespace MartenEventing.Events.Reading;

/// <summary>
/// Reads all events in the order of their sequences, and never passes one that is still to be committed.
/// </summary>
internal sealed class AllEvents(StoreSession session, PageReader pages, DecidedSequences decided)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    public async IAsyncEnumerable<StoredEvent> ReadAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (sure, count) = (0L, session.Options.ChunkSize);
        while (true)
        {
            var page = await pages.ReadAsync(after, count, cancellationToken);
            var given = 0;
            while (given < page.Count && page[given].Sequence <= Math.Max(after, sure) + 1)
            {
                yield return page[given];
                after = page[given++].Sequence;
            }

            if (given < page.Count)
            {
                sure = await WaitForAsync(page[given].Sequence - 1, cancellationToken);
                if (sure < page[given].Sequence - 1)
                    yield break;
            }
            else if (page.Count < count)
            {
                yield break;
            }
        }
    }

    /// <summary>
    /// Waits until it is decided whether there are events up to a sequence, or the patience is at an end.
    /// </summary>
    private async Task<long> WaitForAsync(long sequence, CancellationToken cancellationToken)
    {
        var started = session.Clock.GetTimestamp();
        while (true)
        {
            var sure = await decided.LookAsync(cancellationToken);
            if (sure >= sequence || session.Clock.GetElapsedTime(started) >= session.Options.GapPatience)
                return sure;
            await Task.Delay(BetweenLooks, session.Clock, cancellationToken);
        }
    }
}
