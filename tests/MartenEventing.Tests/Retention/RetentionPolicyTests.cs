using MartenEventing.Partitioning;
using MartenEventing.Retention;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Retention;

public sealed class RetentionPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void without_a_policy_everything_is_kept_for_ever() =>
        Decide(new RetentionOptions()).ShouldSatisfyAllConditions(
            verdict => verdict.Floor.ShouldBeNull(), verdict => verdict.Partitions.ShouldBeEmpty());

    [Fact]
    public void an_age_reaches_back_to_the_start_of_a_period()
    {
        var verdict = Decide(new RetentionOptions { OlderThan = RetentionAge.Parse("3mo") });

        verdict.Floor.ShouldBe(Month(8));
        verdict.Partitions.ShouldBe(Names(1, 7));
    }

    [Fact]
    public void the_last_partitions_whose_time_is_over_are_kept() =>
        Decide(new RetentionOptions { KeepLast = 4 }).Partitions.ShouldBe(Names(1, 6));

    [Fact]
    public void more_to_keep_than_there_is_removes_nothing() =>
        Decide(new RetentionOptions { KeepLast = 40 }).ShouldSatisfyAllConditions(
            verdict => verdict.Floor.ShouldBeNull(), verdict => verdict.Partitions.ShouldBeEmpty());

    [Fact]
    public void the_oldest_go_until_the_rest_fits() =>
        Decide(new RetentionOptions { MaxSize = 1_250 }).Partitions.ShouldBe(Names(1, 2));

    [Fact]
    public void of_several_policies_the_one_that_removes_most_counts_and_all_are_told()
    {
        var verdict = Decide(new RetentionOptions
        {
            OlderThan = RetentionAge.Parse("8mo"), KeepLast = 3, MaxSize = 100_000,
        });

        verdict.Partitions.ShouldBe(Names(1, 7));
        verdict.Contributions.Select(c => (c.Policy, c.Floor, c.Partitions)).ShouldBe(
        [
            ("older than 8mo", Month(3), 2), ("keep the last 3", Month(8), 7), ("at most 100000 bytes", null, 0),
        ]);
    }

    [Fact]
    public void nothing_younger_than_the_minimum_goes_and_the_gate_says_so()
    {
        var verdict = Decide(new RetentionOptions { KeepLast = 1, MinimumAge = RetentionAge.Parse("5mo") });

        verdict.Partitions.ShouldBe(Names(1, 5));
        verdict.Gates.ShouldBe(
        [
            new RetentionGate(
                RetentionGateKind.MinimumAge, "mt_events_m202606",
                "the policies would remove what is as young as 2026-10-01, the minimum age is 5mo",
                "Lower MinimumAge if that is meant"),
        ]);
    }

    [Fact]
    public void a_partition_that_may_not_be_sealed_yet_is_kept()
    {
        var verdict = Decide(new RetentionOptions
        {
            KeepLast = 1, MinimumAge = RetentionAge.Parse("1d"), SealGrace = TimeSpan.FromDays(60),
        });

        verdict.Partitions.ShouldBe(Names(1, 8));
        verdict.Gates.Single().Reason.ShouldBe("it ended on 2026-10-01, and is sealed 60 days after");
    }

    [Fact]
    public void a_partition_that_is_not_ours_keeps_all_after_it()
    {
        var partitions = Partitions();
        partitions[3] = partitions[3] with
        {
            Partition = partitions[3].Partition with { Kind = PartitionKind.Other, Period = null },
        };

        var verdict = RetentionPolicy.Decide(new RetentionOptions { KeepLast = 1 }, partitions, Now);

        verdict.Partitions.ShouldBe(Names(1, 2));
        verdict.Gates[0].Kind.ShouldBe(RetentionGateKind.Foreign);
    }

    [Theory]
    [InlineData("KeepLast", "0", "1 to 10000, null")]
    [InlineData("BatchShare", "2", "0.01 to 1")]
    [InlineData("MaxSize", "-5", "more than 0 bytes, null")]
    public void an_option_out_of_range_is_refused_by_name(string option, string value, string allowed)
    {
        var options = option switch
        {
            "KeepLast" => new RetentionOptions { KeepLast = 0 },
            "MaxSize" => new RetentionOptions { MaxSize = -5 },
            _ => new RetentionOptions { BatchShare = 2 },
        };

        Should.Throw<ArgumentException>(() => options.Validated()).Message
            .ShouldStartWith($"RetentionOptions.{option} is \"{value}\". Allowed: {allowed}.");
    }

    [Fact]
    public void a_rule_says_exactly_one_thing() =>
        Should.Throw<ArgumentException>(() => new RetentionOptions
        {
            Rules = [new RetentionRule { EventType = "a", Tenant = "b" }],
        }.Validated()).Message.ShouldContain("exactly one of event type, stream type, tenant, header");

    private static RetentionVerdict Decide(RetentionOptions options) =>
        RetentionPolicy.Decide(options, Partitions(), Now);

    /// <summary>Head, the months of 2026 with 100 bytes each, tail.</summary>
    private static List<PartitionSize> Partitions() =>
    [
        Sized(new Partition { Oid = 1, Name = "mt_events_head", Kind = PartitionKind.Head, To = Month(1),
            Generation = "" }),
        .. Enumerable.Range(1, 12).Select(month => Sized(new Partition
        {
            Oid = 1, Name = Names(month, month)[0], Kind = PartitionKind.Period, Period = PartitionPeriod.Month,
            From = Month(month), To = Month(month + 1), Generation = "",
        })),
        Sized(new Partition { Oid = 1, Name = "mt_events_tail", Kind = PartitionKind.Tail, From = Month(13),
            Generation = "" }),
    ];

    private static PartitionSize Sized(Partition partition) => new(partition, 10, 60, 40);

    private static DateTimeOffset Month(int month) =>
        new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(month - 1);

    private static List<string> Names(int from, int to) =>
        [.. Enumerable.Range(from, to - from + 1).Select(month => $"mt_events_m{Month(month):yyyyMM}")];
}
