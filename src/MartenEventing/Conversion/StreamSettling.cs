using MartenEventing.Partitioning;
using MartenEventing.Politeness;

namespace MartenEventing.Conversion;

/// <summary>Looks at all streams in batches, and makes them tell of all their events.</summary>
internal static class StreamSettling
{
    private const int StreamsABatch = 1000;

    public static async Task RunAsync(PoliteSession session, CancellationToken cancellationToken)
    {
        var seen = 0;
        for (var batch = StreamsABatch; batch == StreamsABatch; seen += batch)
        {
            await session.ObserveAsync(AttachSteps.Settle, StepMoment.Before);
            batch = await session.ReadAsync<int>(
                AttachSteps.SettleStreams(session.Schema, StreamsABatch), cancellationToken, AttachSteps.Settle);
            await session.ObserveAsync(AttachSteps.Settle, StepMoment.Committed);
            session.Report(new StepProgress(AttachSteps.Settle, Done: seen + batch));
        }
    }
}
