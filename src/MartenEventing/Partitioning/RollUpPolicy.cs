using System.Globalization;
using MartenEventing.Schema;

namespace MartenEventing.Partitioning;

/// <summary>Decides which partitions are merged into one of a longer period.</summary>
internal static class RollUpPolicy
{
    /// <summary>How many events a batch moves under its locks.</summary>
    private const int Batch = 2_000;

    /// <summary>What its indexes are called, as a regular expression.</summary>
    public const string UnfinishedIndex = "^mt_events.*_roll_up$";

    /// <summary>The periods that a crowd is merged into: the longest first, so that fewest events move twice.</summary>
    private static readonly PartitionPeriod[] OfACrowd =
        [PartitionPeriod.Year, PartitionPeriod.Quarter, PartitionPeriod.Month, PartitionPeriod.Week];

    public static IEnumerable<PartitionStep> Plan(PartitionLayout layout, PartitionOptions options, DateTimeOffset now)
    {
        var rollUps = Old(layout, options, now).ToList();
        return rollUps.Concat(Crowd(layout, options, now, rollUps))
            .Select(group => RollUp(layout, group));
    }

    /// <summary>What is old enough, see <see cref="PartitionOptions.RollUpAge"/>.</summary>
    private static IEnumerable<RollUpGroup> Old(PartitionLayout layout, PartitionOptions options, DateTimeOffset now) =>
        options.RollUpInto is { } period
            ? Groups(layout, layout.Partitions, period).Where(group =>
                group.End + options.RollUpAge <= now && group.End + options.SealGrace <= now)
            : [];

    /// <summary>
    /// What is too many, oldest first, see <see cref="PartitionOptions.PartitionsAtMost"/>; what was interrupted goes
    /// on.
    /// </summary>
    private static IEnumerable<RollUpGroup> Crowd(
        PartitionLayout layout, PartitionOptions options, DateTimeOffset now, IReadOnlyList<RollUpGroup> others)
    {
        if (options.PartitionsAtMost is not { } most)
            yield break;
        var left = layout.Partitions.Except(others.SelectMany(group => group.Parts)).ToList();
        var count = left.Count + others.Count;
        foreach (var period in OfACrowd.Where(period => period > layout.Period))
            foreach (var group in Groups(layout, left, period).ToList())
                if (group.End + options.SealGrace <= now && (IsUnnamed(group.Parts[0])
                    || (count > most && group.Parts.All(part => part.IsSealed))))
                {
                    yield return group;
                    left.RemoveAll(group.Parts.Contains);
                    count -= group.Parts.Count - 1;
                }
    }

    /// <summary>
    /// Partitions that together are one of a longer period. Not the newest: it tells the store's own period.
    /// </summary>
    private static IEnumerable<RollUpGroup> Groups(
        PartitionLayout layout, IEnumerable<Partition> partitions, PartitionPeriod period)
    {
        var newest = layout.Partitions.LastOrDefault(part => part.Period is not null);
        return from partition in partitions
               where partition is { Kind: PartitionKind.Period or PartitionKind.Wide, From: not null, To: not null }
               group partition by PartitionCalendar.StartOf(partition.From!.Value, period) into parts
               let whole = new RollUpGroup(parts.Key, period, [.. parts])
               where whole.IsComplete && (whole.Parts.Count > 1 || IsUnnamed(whole.Parts[0]))
                   && (whole.Parts[^1] != newest || IsUnnamed(whole.Parts[0]))
               select whole;
    }

    /// <summary>Whether it holds all that it is to hold, and was interrupted before it got its name.</summary>
    private static bool IsUnnamed(Partition part) =>
        part.Period is { } own
            && PartitionCalendar.Add(PartitionCalendar.StartOf(part.From!.Value, own), own, 1) < part.To;

    private static PartitionStep RollUp(PartitionLayout layout, RollUpGroup group)
    {
        var (schema, parts) = (SqlText.Quote(layout.SchemaName), group.Parts);
        var name = PartitionCalendar.NameOf(group.Start, group.Period, layout.Table);
        var statements = parts.SelectMany((part, i) => Prepare(schema, part, indexed: i > 0)).Append(new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT {schema}.mt_roll_up('{parts[0].Name}', '{name}', "
                + $"'{parts[^1].To!.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss}+00', {Batch})"),
            Repeats: true));
        return new PartitionStep(
            PartitionStepKind.RollUp,
            name,
            $"{name}: roll up {parts[0].Name} to {parts[^1].Name} ({parts.Count})",
            [.. statements]);
    }

    /// <summary>What spares a batch a scan or a sort of the whole partition while it holds its locks.</summary>
    private static IEnumerable<PartitionStatement> Prepare(string schema, Partition part, bool indexed)
    {
        var table = $"{schema}.{SqlText.Quote(part.Name)}";
        if (indexed)
        {
            var index = SqlText.Quote(part.Name + "_roll_up");
            yield return new(
                $"DROP INDEX CONCURRENTLY IF EXISTS {schema}.{index};\n"
                + $"CREATE INDEX CONCURRENTLY {index} ON {table} (timestamp)",
                InTransaction: false);
        }

        yield return new($"SELECT {schema}.mt_add_vouched('{table}', true)");
        yield return new($"ALTER TABLE {table} VALIDATE CONSTRAINT mt_vouched");
    }

    /// <summary>Partitions that become one, in the order of time.</summary>
    private sealed record RollUpGroup(DateTimeOffset Start, PartitionPeriod Period, IReadOnlyList<Partition> Parts)
    {
        public DateTimeOffset End { get; } = PartitionCalendar.Add(Start, Period, 1);

        public bool IsComplete => Parts[^1].To == End && !Parts.Any(part => part.DetachPending)
            && Parts.Zip(Parts.Skip(1)).All(pair => pair.First.To == pair.Second.From);
    }
}
