using MartenEventing.Partitioning;
using MartenEventing.Politeness;

namespace MartenEventing.Retention;

/// <summary>Moves what has stayed of a partition into the head, batch by batch.</summary>
internal sealed class RetentionMerge(PoliteSession session, RetentionOptions options)
{
    private const int SmallBytes = 4_000_000;
    public const string UnfinishedIndex = "^mt_(events|retain)_.*_time$";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync(RetentionRecord run, CancellationToken cancellationToken)
    {
        await PrepareAsync(run, cancellationToken);
        var batch = new BatchSize(options.BatchSize, Pause);
        while (true)
        {
            var (row, took) = await session.LockAsync(
                RetentionSteps.Merge, _ => RetentionSteps.MergeSql(session.Schema, batch.Next), cancellationToken);
            if (!(bool)row[0]!)
                return;
            batch.Learn((TimeSpan)row[2]!);
            await session.RestAsync(took, options.BatchShare, cancellationToken);
        }
    }

    /// <summary>A large one gets an index to find its oldest events by; none is scanned when a bound moves.</summary>
    private async Task PrepareAsync(RetentionRecord run, CancellationToken cancellationToken)
    {
        await session.DropUnfinishedAsync(UnfinishedIndex, cancellationToken);
        var statements = await session.ListAsync(
            $"""
             SELECT format('CREATE INDEX CONCURRENTLY IF NOT EXISTS %I ON %s (timestamp)', p.name || '_time',
                    p.leaf::regclass)
               FROM {session.Schema}mt_partitions() p
              WHERE p.name = {session.Schema}mt_retained_name(ARRAY['{string.Join("','", run.Leaves)}'])
                AND pg_relation_size(p.leaf) > {SmallBytes}
              UNION ALL
             SELECT format('ALTER TABLE %s VALIDATE CONSTRAINT mt_vouched', p.leaf::regclass)
               FROM {session.Schema}mt_partitions() p
               JOIN pg_catalog.pg_constraint k ON k.conrelid = p.leaf AND k.conname = 'mt_vouched'
                   AND NOT k.convalidated
              WHERE p.name = {session.Schema}mt_retained_name(ARRAY['{string.Join("','", run.Leaves)}'])
             """, cancellationToken);
        foreach (var statement in statements)
            await session.RunAsync(RetentionSteps.PrepareMerge, statement, cancellationToken);
    }
}
