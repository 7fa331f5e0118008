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

    public static IEnumerable<PartitionStep> Plan(PartitionLayout layout, PartitionOptions options, DateTimeOffset now)
    {
        if (options.RollUpInto is not { } period)
            return [];
        var newest = layout.Partitions.LastOrDefault(part => part.Period is not null); // it tells the store's period
        return from partition in layout.Partitions
               where partition is { Kind: PartitionKind.Period or PartitionKind.Wide, From: not null, To: not null }
               group partition by PartitionCalendar.StartOf(partition.From!.Value, period) into parts
               where IsDue([.. parts], PartitionCalendar.Add(parts.Key, period, 1), options, now)
                   && (parts.Last() != newest || IsUnnamed(parts.First()))
               select RollUp(layout, [.. parts], parts.Key, period);
    }

    private static bool IsDue(
        IReadOnlyList<Partition> parts, DateTimeOffset end, PartitionOptions options, DateTimeOffset now) =>
        (parts.Count > 1 || IsUnnamed(parts[0])) && parts[^1].To == end && end + options.RollUpAge <= now && end
            + options.SealGrace <= now
        && !parts.Any(part => part.DetachPending)
        && parts.Zip(parts.Skip(1)).All(pair => pair.First.To == pair.Second.From);

    /// <summary>Whether it holds all that it is to hold, and was interrupted before it got its name.</summary>
    private static bool IsUnnamed(Partition part) =>
        part.Period is { } own
            && PartitionCalendar.Add(PartitionCalendar.StartOf(part.From!.Value, own), own, 1) < part.To;

    private static PartitionStep RollUp(
        PartitionLayout layout, IReadOnlyList<Partition> parts, DateTimeOffset start, PartitionPeriod period)
    {
        var schema = SqlText.Quote(layout.SchemaName);
        var name = PartitionCalendar.NameOf(start, period, layout.Table);
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
}
