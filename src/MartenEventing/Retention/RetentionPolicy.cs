using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Retention;

/// <summary>Decides what is to go, from options, partitions and the clock alone.</summary>
public static class RetentionPolicy
{
    /// <summary>What the policies say about these partitions, given in the order of time.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static RetentionVerdict Decide(
        RetentionOptions options, IReadOnlyList<PartitionSize> partitions, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(partitions);
        options.Validated();
        var period = partitions.LastOrDefault(p => p.Partition.Period is not null)?.Partition.Period
            ?? PartitionPeriod.Month;
        var youngest = PartitionCalendar.StartOf(options.MinimumAge.Before(now), period);
        var contributions = Contribute(options, partitions, now, period).ToList();
        var asked = contributions.Max(c => c.Floor);
        var floor = asked > youngest ? youngest : asked;
        var gates = new List<RetentionGate>();
        var going = Going(options, partitions, floor, now, gates);
        if (asked > youngest)
            gates.Add(TooYoung(options, partitions, youngest, asked.Value));
        var sweep = Earlier(
            floor, partitions.FirstOrDefault(p => p.Partition.Kind == PartitionKind.Head)?.Partition.To);
        return new RetentionVerdict
        {
            Floor = floor,
            SweepFloor = sweep,
            Edge = partitions.Where(p => going.Contains(p.Partition.Name)).Max(p => p.Partition.To) ?? sweep,
            Contributions = contributions,
            Partitions = going,
            Gates = gates,
            Rules = [.. options.Rules.Select(rule => (rule, FloorOf(rule, now, period, youngest)))],
        };
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one < other ? one : one is null ? null : other;

    private static DateTimeOffset? FloorOf(
        RetentionRule rule, DateTimeOffset now, PartitionPeriod period, DateTimeOffset youngest) =>
        rule.Age is not { } age ? null
        : PartitionCalendar.StartOf(age.Before(now), period) is var floor && floor > youngest ? youngest : floor;

    private static IEnumerable<RetentionContribution> Contribute(
        RetentionOptions options, IReadOnlyList<PartitionSize> partitions, DateTimeOffset now, PartitionPeriod period)
    {
        if (options.OlderThan is { } age)
            yield return Of($"older than {age}", PartitionCalendar.StartOf(age.Before(now), period));
        var over = partitions.Where(p => IsClosed(p) && p.Partition.To <= now).ToList();
        if (options.KeepLast is { } count)
            yield return Of($"keep the last {count}", over.Count > count ? over[^count].Partition.From : null);
        if (options.MaxSize is { } most)
        {
            var total = partitions.Sum(p => p.TotalBytes);
            DateTimeOffset? floor = null;
            foreach (var partition in over.TakeWhile(_ => total > most))
                (total, floor) = (total - partition.TotalBytes, partition.Partition.To);
            yield return Of($"at most {most} bytes", floor);
        }

        RetentionContribution Of(string policy, DateTimeOffset? floor) =>
            new(policy, floor, partitions.Count(p => IsClosed(p) && p.Partition.To <= floor));
    }

    private static List<string> Going(
        RetentionOptions options, IReadOnlyList<PartitionSize> partitions, DateTimeOffset? floor, DateTimeOffset now,
        List<RetentionGate> gates)
    {
        var going = new List<string>();
        foreach (var partition in partitions.Select(p => p.Partition)
                     .Where(p => p.Kind != PartitionKind.Head && p.To <= floor))
        {
            if (Obstacle(partition, options, now) is { } gate)
            {
                gates.Add(gate);
                break;
            }

            going.Add(partition.Name);
        }

        return going;
    }

    private static RetentionGate? Obstacle(Partition partition, RetentionOptions options, DateTimeOffset now)
    {
        if (partition.Kind is PartitionKind.Other || partition.DetachPending)
            return new RetentionGate(
                RetentionGateKind.Foreign, partition.Name, "it is not a partition of ours, or is being detached",
                "Look at it: marten-eventing partitions list");
        if (partition.To + options.SealGrace > now)
            return new RetentionGate(
                RetentionGateKind.NotSealed, partition.Name,
                $"it ended on {partition.To:yyyy-MM-dd}, and is sealed {options.SealGrace.TotalDays:0.##} days after",
                "Try again after that");
        return null;
    }

    private static RetentionGate TooYoung(
        RetentionOptions options, IReadOnlyList<PartitionSize> partitions, DateTimeOffset youngest,
        DateTimeOffset asked)
    {
        var first = partitions.FirstOrDefault(p => IsClosed(p) && p.Partition.To > youngest && p.Partition.To <= asked);
        return new RetentionGate(
            RetentionGateKind.MinimumAge, first?.Partition.Name,
            $"the policies would remove what is as young as {asked:yyyy-MM-dd}, the minimum age is " +
            $"{options.MinimumAge}",
            $"Lower {nameof(RetentionOptions.MinimumAge)} if that is meant");
    }

    private static bool IsClosed(PartitionSize partition) =>
        partition.Partition is { Kind: PartitionKind.Period or PartitionKind.Wide, To: not null };
}
