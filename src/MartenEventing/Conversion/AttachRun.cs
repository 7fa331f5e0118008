using MartenEventing.Politeness;
using MartenEventing.Schema;

namespace MartenEventing.Conversion;

/// <summary>Does the steps of the way attach, each only where it is still to be done.</summary>
internal sealed class AttachRun(PoliteSession session, ConversionOptions options, TimeProvider time)
{
    /// <summary>Returns how long the swap took; null when it had been done before.</summary>
    public async Task<TimeSpan?> RunAsync(StoreShape shape, CancellationToken cancellationToken)
    {
        var schema = session.Schema;
        TimeSpan? swap = null;
        if (shape.Layout == StoreLayout.Plain)
        {
            await ConversionRecord.BeginAsync(session, options, cancellationToken);
            await PrepareAsync(schema, cancellationToken);
            await session.LockAsync(AttachSteps.Sequence, _ => AttachSteps.FreeSequence(schema), cancellationToken);
            (_, swap) = await session.LockAsync(
                AttachSteps.Swap,
                attempt => AttachSteps.Attach(schema, options, time.GetUtcNow(), attempt % 2 == 1),
                cancellationToken);
        }

        await session.LockAsync(AttachSteps.Sequence, _ => AttachSteps.OwnSequence(schema), cancellationToken);
        await session.RunAsync(AttachSteps.Analyze, $"ANALYZE {schema}mt_events", cancellationToken);
        return swap;
    }

    private async Task PrepareAsync(string schema, CancellationToken cancellationToken)
    {
        await Leftovers.DropAsync(session, cancellationToken);
        var storage = await session.ReadAsync<string>(KeyStorage.QueryFor(schema + "mt_events"), cancellationToken);
        await session.RunAsync(AttachSteps.Key, AttachSteps.CreateKey(schema, storage), cancellationToken);
        await session.RunAsync(AttachSteps.Brin, AttachSteps.CreateBrin(schema), cancellationToken);
        await session.RunAsync(AttachSteps.Time, AttachSteps.CreateTime(schema, "mt_events"), cancellationToken);
        await session.LockAsync(
            AttachSteps.Guard, attempt => AttachSteps.Prepare(schema, attempt % 2 == 1), cancellationToken);
        await session.RunAsync(AttachSteps.Validate, AttachSteps.ValidateCheck(schema), cancellationToken);
        await StreamSettling.RunAsync(session, cancellationToken);
    }
}
