using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;

namespace MartenEventing.Conversion;

/// <summary>Does the steps of the way back, each only where it is still to be done.</summary>
internal sealed class ReturnRun(PoliteSession session, ConversionOptions options, TimeProvider time)
{
    private const long SmallBytes = 4 << 20;

    /// <summary>Returns how long the swap back took; null when it had been done before.</summary>
    public async Task<TimeSpan?> RunAsync(
        StoreShape shape, ConversionEntry entry, CancellationToken cancellationToken)
    {
        var schema = session.Schema;
        TimeSpan? swap = null;
        if (shape.Layout == StoreLayout.Partitioned)
            await RequireNoHoldAsync(entry.State, cancellationToken);
        if (entry.HasTwoCopies)
        {
            swap = await new ShadowReturn(session, options, time).GoBackAsync(entry.State, cancellationToken);
        }
        else if (shape.Layout == StoreLayout.Partitioned)
        {
            if (entry.Way == ConversionWay.Shadow)
                await new ShadowReturn(session, options, time).CompleteAsync(entry.State, cancellationToken);
            await ConversionRecord.AdoptAsync(session, options, cancellationToken);
            await Leftovers.DropAsync(session, cancellationToken);
            var storage = await session.ReadAsync<string>(
                KeyStorage.QueryFor(schema + "mt_events_head"), cancellationToken);
            await session.RunAsync(ReturnSteps.Key, ReturnSteps.CreateKey(schema, storage), cancellationToken);
            await session.LockAsync(AttachSteps.Sequence, _ => AttachSteps.FreeSequence(schema), cancellationToken);
            swap = await SwapAsync(cancellationToken);
        }
        else if (entry.State == ConversionState.Preparing)
        {
            await session.LockAsync(
                ReturnSteps.Cancel,
                attempt => ReturnSteps.CancelPreparation(schema, attempt % 2 == 1),
                cancellationToken);
        }

        await session.LockAsync(AttachSteps.Sequence, _ => AttachSteps.OwnSequence(schema), cancellationToken);
        await RestoreForeignKeysAsync(cancellationToken);
        await Leftovers.DropAsync(session, cancellationToken, all: true);
        if (!entry.HasTwoCopies)
            await session.RunAsync(AttachSteps.Analyze, $"ANALYZE {schema}mt_events", cancellationToken);
        return swap;
    }

    private async Task RequireNoHoldAsync(ConversionState state, CancellationToken cancellationToken)
    {
        var holds = await session.ListAsync(
            $"SELECT h.id::text FROM {session.Schema}mt_legal_holds h WHERE h.lifted_at IS NULL ORDER BY h.id",
            cancellationToken);
        if (holds.Count > 0)
            throw new ConversionStateException(
                session.SchemaName, state,
                $"legal holds stand ({string.Join(", ", holds.Take(5))}), and a plain store cannot keep "
                + "what is held. See marten-eventing retention hold list; lift them, or keep the store partitioned.");
    }

    /// <summary>
    /// The last step: what the conversion has brought goes, its record included; in a store that knew this library
    /// before, the record says that the way back is done.
    /// </summary>
    public async Task CleanUpAsync(SchemaMigrator migrator, CancellationToken cancellationToken)
    {
        await session.ObserveAsync(ReturnSteps.CleanUp, StepMoment.Before);
        await migrator.NoteLayoutAsync(cancellationToken);
        if (!await migrator.RemoveAsync(session.Connection, cancellationToken))
            await ConversionRecord.MoveAsync(session, "returning", "returned", cancellationToken);
        await session.ObserveAsync(ReturnSteps.CleanUp, StepMoment.Committed);
    }

    /// <summary>
    /// Merges partitions into the head until few events are left outside, then swaps; again where more came meanwhile.
    /// </summary>
    private async Task<TimeSpan> SwapAsync(CancellationToken cancellationToken)
    {
        await MergeAsync(cancellationToken);
        return (await session.LockAsync(
            ReturnSteps.Swap, attempt => ReturnSteps.Detach(session.Schema, attempt % 2 == 1),
            cancellationToken)).Duration;
    }

    private async Task MergeAsync(CancellationToken cancellationToken)
    {
        var total = await session.ReadAsync<long>(
            $"""
             SELECT count(*) FROM {session.Schema}mt_events e
              WHERE e.timestamp >= (SELECT p.upper_bound FROM {session.Schema}mt_partitions() p WHERE p.kind = 'head')
             """, cancellationToken);
        var meter = new BatchMeter(session, ReturnSteps.Merge, total, time);
        var batch = new BatchSize(options.BatchSize, options.BatchPause);
        while (true)
        {
            await PrepareNextAsync(cancellationToken);
            var (row, took) = await session.LockAsync(
                ReturnSteps.Merge,
                _ => ReturnSteps.MergeIntoHead(session.Schema, batch.Next),
                cancellationToken);
            if (row[0] is null)
                return;
            meter.Add((long)row[1]!);
            batch.Learn((TimeSpan)row[3]!);
            await session.RestAsync(took, options.BatchShare, cancellationToken);
        }
    }

    /// <summary>
    /// A large partition gets an index to find its oldest events by, and the CHECK that spares a scan.
    /// </summary>
    private async Task PrepareNextAsync(CancellationToken cancellationToken)
    {
        var next = await session.ListAsync(
            $"""
             SELECT p.name FROM {session.Schema}mt_partitions() p
               JOIN {session.Schema}mt_partitions() h ON h.kind = 'head' AND h.upper_bound = p.lower_bound
              WHERE pg_relation_size(p.leaf) > {SmallBytes} AND NOT EXISTS (
                    SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                     WHERE i.indrelid = p.leaf AND i.indisvalid AND c.relname LIKE '%\_conversion\_time')
             """, cancellationToken);
        foreach (var leaf in next)
        {
            var schema = session.Schema;
            await session.RunAsync("index on " + leaf, ReturnSteps.CreateTime(schema, leaf), cancellationToken);
            await session.LockAsync("check on " + leaf, _ => ReturnSteps.Vouch(schema, leaf), cancellationToken);
            await session.RunAsync(
                "validate " + leaf, $"ALTER TABLE {schema}\"{leaf}\" VALIDATE CONSTRAINT mt_vouched",
                cancellationToken);
        }
    }

    /// <summary>
    /// Those of the tag tables come back here, one at a time; all that were valid are validated without holding up
    /// anybody.
    /// </summary>
    private async Task RestoreForeignKeysAsync(CancellationToken cancellationToken)
    {
        var missing = await session.ListAsync(
            $"""
             SELECT format('ALTER TABLE %1$s ADD CONSTRAINT %2$I %3$s; COMMENT ON CONSTRAINT %2$I ON %1$s IS %4$L',
                           k ->> 'table', k ->> 'name', {session.Schema}mt_unchecked(k ->> 'definition'),
                               k ->> 'comment')
               FROM {session.Schema}mt_conversion c, jsonb_array_elements(c.plain -> 'foreign_keys') k
              WHERE c.state = 'returning' AND to_regclass(k ->> 'table') IS NOT NULL AND NOT EXISTS (
                    SELECT FROM pg_catalog.pg_constraint x
                     WHERE x.conrelid = to_regclass(k ->> 'table') AND x.conname = k ->> 'name')
             """, cancellationToken);
        foreach (var statement in missing)
            await session.LockAsync(ReturnSteps.ForeignKeys, _ => statement, cancellationToken);
        var open = await session.ListAsync(
            $"""
             SELECT format('ALTER TABLE %s VALIDATE CONSTRAINT %I', x.conrelid::regclass, x.conname)
               FROM pg_catalog.pg_constraint x
              WHERE x.contype = 'f' AND NOT x.convalidated
                AND {session.Schema}mt_events_table() IN (x.conrelid, x.confrelid) AND EXISTS (
                    SELECT FROM {session.Schema}mt_conversion c, jsonb_array_elements(c.plain -> 'foreign_keys') k
                     WHERE c.state = 'returning' AND to_regclass(k ->> 'table') = x.conrelid
                       AND k ->> 'name' = x.conname AND k ->> 'validated' IS DISTINCT FROM 'false')
             """, cancellationToken);
        foreach (var statement in open)
            await session.RunAsync(ReturnSteps.ForeignKeys, statement, cancellationToken);
    }
}
