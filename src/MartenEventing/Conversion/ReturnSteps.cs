using System.Globalization;
using MartenEventing.Politeness;
using MartenEventing.Schema;

namespace MartenEventing.Conversion;

/// <summary>The steps of the way back.</summary>
internal sealed class ReturnSteps(string schema, ConversionOptions options, TimeProvider time)
    : ConversionSteps(schema, options, time)
{
    public const string Cancel = "take down the guard";
    public const string Key = "index on seq_id";
    public const string Prepare = "prepare to merge";
    public const string Merge = "merge";
    public const string Swap = "swap back";
    public const string ForeignKeys = "foreign keys";
    public const string CleanUp = "clean up";

    private const long SmallBytes = 4 << 20;

    /// <summary>From where it stands to the plain table.</summary>
    /// <param name="layout">That of the store now.</param>
    /// <param name="entry">How far a conversion has come.</param>
    /// <param name="keyStorage">How the primary key is stored, see <see cref="KeyStorage"/>.</param>
    /// <param name="migrator">Of the plain store.</param>
    public IReadOnlyList<ConversionStep> For(
        StoreLayout layout, ConversionEntry entry, string keyStorage, SchemaMigrator migrator) =>
    [
        .. entry.HasTwoCopies ? new ShadowSteps(Schema, Options, Time).GoBack(entry.State)
            : layout == StoreLayout.Partitioned ? Detach(entry, keyStorage)
            : entry.State == ConversionState.Preparing ? [TakeDownGuard] : (ConversionStep[])[],
        OwnSequence,
        AddForeignKeys,
        ValidateForeignKeys,
        DropIndexes(all: true),
        .. entry.HasTwoCopies ? [] : (ConversionStep[])[AnalyzeTable()],
        Leave(migrator),
    ];

    private IEnumerable<ConversionStep> Detach(ConversionEntry entry, string keyStorage) =>
    [
        .. entry.Way == ConversionWay.Shadow
            ? new ShadowSteps(Schema, Options, Time).Complete(entry.State)
            : [],
        Note("a store that was made partitioned counts as converted", ConversionRecord.Adopt(Schema, Options)),
        DropIndexes(),
        Statement(Key, "the later primary key, CONCURRENTLY",
            $"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS mt_events_conversion_seq ON {Schema}mt_events_head " +
            $"(seq_id){keyStorage}"),
        IndexLarge,
        VouchForLarge,
        ValidateLarge,
        FreeSequence,
        Batches(Merge, "merge partitions into the head, in batches",
            ForABatch,
            batch => string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM {Schema}mt_merge_into_head({batch})"),
            "leaf_name",
            $"""
             SELECT count(*) FROM {Schema}mt_events e
              WHERE e.timestamp >= (SELECT p.upper_bound FROM {Schema}mt_partitions() p WHERE p.kind = 'head')
             """),
        Locking(Swap, "the head becomes mt_events again, with the few events of the other partitions",
            "ACCESS EXCLUSIVE on mt_events, mt_streams and the tag tables",
            streamsFirst => $"SELECT {Schema}mt_detach_plain({SqlText.Literal(streamsFirst)})") with { IsSwap = true },
    ];

    private ConversionStep TakeDownGuard => Locking(
        Cancel, "the guard goes", "ACCESS EXCLUSIVE on mt_events and mt_streams for some milliseconds",
        streamsFirst => $"SELECT {Schema}mt_cancel_preparation({SqlText.Literal(streamsFirst)})");

    /// <summary>
    /// Large partitions get an index to find their oldest events by, and the CHECK that spares a scan.
    /// </summary>
    private ConversionStep IndexLarge => ForEach(
        Prepare, "an index on time of each large partition",
        $"""
         SELECT format('CREATE INDEX CONCURRENTLY IF NOT EXISTS %I ON %s (timestamp)',
                       p.name || '_conversion_time', p.leaf::regclass)
         {OfLarge}
            AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
                 WHERE i.indrelid = p.leaf AND i.indisvalid AND c.relname LIKE '%\_conversion\_time')
         """);

    private ConversionStep VouchForLarge => ForEach(
        Prepare, "a CHECK of its bounds on each",
        $"""
         SELECT format('SELECT %smt_add_vouched(%L, true)', {SqlText.Literal(Schema)}, p.leaf::regclass)
         {OfLarge}
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                             WHERE k.conrelid = p.leaf AND k.conname = 'mt_vouched')
         """, "ACCESS EXCLUSIVE on the partition for some milliseconds");

    private ConversionStep ValidateLarge => ForEach(
        Prepare, "validate those",
        $"""
         SELECT format('ALTER TABLE %s VALIDATE CONSTRAINT mt_vouched', p.leaf::regclass)
         {OfLarge}
            AND EXISTS (SELECT FROM pg_catalog.pg_constraint k
                         WHERE k.conrelid = p.leaf AND k.conname = 'mt_vouched' AND NOT k.convalidated)
         """);

    private string OfLarge =>
        $"""
           FROM {Schema}mt_partitions() p
          WHERE p.kind <> 'head' AND pg_relation_size(p.leaf) > {SmallBytes}
         """;

    /// <summary>Those of the tag tables come back here, one at a time.</summary>
    private ConversionStep AddForeignKeys => ForEach(
        ForeignKeys, "the foreign keys that there were, not validated yet",
        $"""
         SELECT format('ALTER TABLE %1$s ADD CONSTRAINT %2$I %3$s; COMMENT ON CONSTRAINT %2$I ON %1$s IS %4$L',
                       k ->> 'table', k ->> 'name', {Schema}mt_unchecked(k ->> 'definition'), k ->> 'comment')
           FROM {Schema}mt_conversion c, jsonb_array_elements(c.plain -> 'foreign_keys') k
          WHERE c.state = 'returning' AND to_regclass(k ->> 'table') IS NOT NULL AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_constraint x
                 WHERE x.conrelid = to_regclass(k ->> 'table') AND x.conname = k ->> 'name')
         """, "SHARE ROW EXCLUSIVE on both tables of a key, for some milliseconds");

    /// <summary>All that were valid, without holding up anybody.</summary>
    private ConversionStep ValidateForeignKeys => ForEach(
        ForeignKeys, "validate those that were valid",
        $"""
         SELECT format('ALTER TABLE %s VALIDATE CONSTRAINT %I', x.conrelid::regclass, x.conname)
           FROM pg_catalog.pg_constraint x
          WHERE x.contype = 'f' AND NOT x.convalidated
            AND {Schema}mt_events_table() IN (x.conrelid, x.confrelid) AND EXISTS (
                SELECT FROM {Schema}mt_conversion c, jsonb_array_elements(c.plain -> 'foreign_keys') k
                 WHERE c.state = 'returning' AND to_regclass(k ->> 'table') = x.conrelid
                   AND k ->> 'name' = x.conname AND k ->> 'validated' IS DISTINCT FROM 'false')
         """);

    /// <summary>
    /// What the conversion has brought goes, its record included; in a store that knew this library before, the record
    /// says that the way back is done.
    /// </summary>
    private ConversionStep Leave(SchemaMigrator migrator)
    {
        var record = SqlText.Literal(Schema + "mt_conversion");
        var noted = ConversionRecord.Move(Schema, "returning", "returned");
        return ConversionStep.Of(
            CleanUp, "what the conversion has brought goes; or its record says that the way back is done",
            [
                .. migrator.LayoutNotes, migrator.Removal,
                $"SELECT {SqlText.Literal(noted)} WHERE to_regclass({record}) IS NOT NULL\n\\gexec",
            ],
            async (session, token) =>
            {
                await session.ObserveAsync(CleanUp, StepMoment.Before);
                await migrator.NoteLayoutAsync(token);
                if (!await migrator.RemoveAsync(session.Connection, token))
                    await session.ExecuteAsync(noted, token);
                await session.ObserveAsync(CleanUp, StepMoment.Committed);
            });
    }
}
