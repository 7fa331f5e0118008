using MartenEventing.Partitioning;
using MartenEventing.Politeness;

namespace MartenEventing.Conversion;

/// <summary>
/// Does the steps of the way shadow up to and including the switch, each only where it is still to be done.
/// </summary>
internal sealed class ShadowRun(PoliteSession session, ConversionOptions options, TimeProvider time)
{
    /// <summary>Returns how long the switch took; null when it had been done before.</summary>
    public async Task<TimeSpan?> RunAsync(ConversionState state, CancellationToken cancellationToken)
    {
        if (state == ConversionState.Switched)
            return null;
        var schema = session.Schema;
        if (state is not (ConversionState.Backfilling or ConversionState.Verified))
        {
            await ConversionRecord.BeginAsync(session, options, cancellationToken);
            await PrepareAsync(schema, cancellationToken);
            await ConversionRecord.ExpectAsync(session, cancellationToken);
            await ConversionRecord.MoveAsync(session, "preparing", "backfilling", cancellationToken);
        }

        var verification = new Verification(session, time);
        if (state != ConversionState.Verified)
        {
            await verification.RequireUnalteredAsync(cancellationToken);
            await BackfillAsync(cancellationToken);
            await session.RunAsync(AttachSteps.Analyze, ShadowSteps.Analyze(schema), cancellationToken);
        }

        await verification.BeforeSwitchAsync(cancellationToken);
        await ConversionRecord.MoveAsync(session, "backfilling", "verified", cancellationToken);
        await session.LockAsync(AttachSteps.Sequence, _ => AttachSteps.FreeSequence(schema), cancellationToken);
        await session.WaitForSnapshotsAsync(ShadowSteps.Snapshots, cancellationToken);
        var (_, took) = await session.LockAsync(
            ShadowSteps.Switch, attempt => ShadowSteps.SwitchCopies(schema, true, attempt % 2 == 1), cancellationToken);
        return took;
    }

    private async Task PrepareAsync(string schema, CancellationToken cancellationToken)
    {
        await Leftovers.DropAsync(session, cancellationToken);
        await session.RunAsync(ShadowSteps.Time, ShadowSteps.CreateTime(schema), cancellationToken);
        await session.LockAsync(
            ShadowSteps.Copy,
            _ => ShadowSteps.Create(schema, options, time.GetUtcNow()),
            cancellationToken,
            harmless: true);
        await session.LockAsync(
            ShadowSteps.DualWrite, attempt => ShadowSteps.Prepare(schema, attempt % 2 == 1), cancellationToken);
        await StreamSettling.RunAsync(session, cancellationToken);
    }

    private async Task BackfillAsync(CancellationToken cancellationToken)
    {
        var left = await session.ReadAsync<long>(
            $"SELECT greatest(expected - copied, 0) FROM {session.Schema}mt_conversion WHERE state = 'backfilling'",
            cancellationToken);
        var meter = new BatchMeter(session, ShadowSteps.Backfill, left, time);
        var batch = new BatchSize(options.BatchSize, options.BatchPause);
        while (true)
        {
            var (row, took) = await session.LockAsync(
                ShadowSteps.Backfill,
                _ => ShadowSteps.BackfillEvents(session.Schema, batch.Next),
                cancellationToken,
                harmless: true);
            if (row[0] is null)
                return;
            meter.Add((long)row[1]!);
            batch.Learn((TimeSpan)row[2]!);
            await session.RestAsync(took, options.BatchShare, cancellationToken);
        }
    }
}
