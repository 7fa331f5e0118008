using MartenEventing.Politeness;

namespace MartenEventing.Conversion;

/// <summary>
/// Takes the way shadow back while the plain table is complete, or ends it. Each step only where it is still to be
/// done.
/// </summary>
internal sealed class ShadowReturn(PoliteSession session, ConversionOptions options, TimeProvider time)
{
    /// <summary>
    /// Leaves the plain table alone, under its name; what is left to be done is what all ways back end with. Returns
    /// how long the switch back took; null when there was none.
    /// </summary>
    public async Task<TimeSpan?> GoBackAsync(ConversionState state, CancellationToken cancellationToken)
    {
        var schema = session.Schema;
        TimeSpan? took = null;
        if (state != ConversionState.Returning && !options.AcceptDifferences)
            await new Verification(session, time).BeforeDropAsync(
                state, "rollback", "the plain table", cancellationToken);
        if (state == ConversionState.Switched)
            took = (await session.LockAsync(
                ShadowSteps.SwitchBack,
                attempt => ShadowSteps.SwitchCopies(schema, false, attempt % 2 == 1),
                cancellationToken)).Duration;
        else if (state != ConversionState.Returning)
            await session.LockAsync(
                ShadowSteps.Cancel, attempt => ShadowSteps.CancelShadow(schema, attempt % 2 == 1), cancellationToken);
        await session.LockAsync(
            ShadowSteps.DropCopy, _ => ShadowSteps.DropTable(schema, "mt_events_shadow"), cancellationToken);
        return took;
    }

    /// <summary>Ends dual write for good and drops the plain table.</summary>
    public async Task CompleteAsync(ConversionState state, CancellationToken cancellationToken)
    {
        var schema = session.Schema;
        if (state == ConversionState.Switched)
        {
            if (!options.AcceptDifferences)
                await new Verification(session, time).BeforeDropAsync(
                    state, "complete", "mt_events", cancellationToken);
            await session.LockAsync(
                ShadowSteps.LeavePlain, attempt => ShadowSteps.LeavePlainTable(schema, attempt % 2 == 1),
                cancellationToken);
        }

        await session.LockAsync(
            ShadowSteps.DropPlain, _ => ShadowSteps.DropTable(schema, "mt_events_plain"), cancellationToken);
        await session.LockAsync(AttachSteps.Sequence, _ => AttachSteps.OwnSequence(schema), cancellationToken);
    }
}
