using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Partitioning;

public sealed class PartitionPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly PartitionOptions Options = new() { Period = PartitionPeriod.Month };

    [Fact]
    public void nothing_is_to_be_done_when_all_is_in_order()
    {
        var plan = PartitionPolicy.Plan(Layout(Tail("2027-03-01")), Options, Now);

        plan.Steps.ShouldBeEmpty();
        plan.Remarks.ShouldBeEmpty();
        plan.At.ShouldBe(Now);
    }

    [Fact]
    public void the_missing_periods_are_cut_out_of_the_tail()
    {
        var step = PartitionPolicy.Plan(Layout(Tail("2027-01-01")), Options, Now).Steps.ShouldHaveSingleItem();

        step.Kind.ShouldBe(PartitionStepKind.Provision);
        step.Description.ShouldBe(
            "mt_events_tail: cut mt_events_m202701 to mt_events_m202702 out of it (2); it then begins at 2027-03-01");
        step.Statements.ShouldHaveSingleItem().Sql.ShouldBe(
            "SELECT \"public\".mt_provision_partitions('month', 3, '2026-11-20 12:00:00.000000+00')");
    }

    [Fact]
    public void a_store_keeps_its_own_period_where_none_is_asked_for()
    {
        var week = Of("mt_events_w20261116", "2026-11-16", "2026-11-23", period: PartitionPeriod.Week);

        var plan = PartitionPolicy.Plan(
            Layout(week, Tail("2026-11-23")), new PartitionOptions { PeriodsAhead = 0 }, Now.AddDays(7));

        plan.Steps[0].Statements[0].Sql.ShouldContain("('week', 0,");
        plan.Steps[0].Description.ShouldContain("cut mt_events_w20261123 out of it (1)");
    }

    [Theory]
    [InlineData("2026-11-07", false)]
    [InlineData("2026-11-08", true)]
    public void a_partition_is_sealed_when_its_end_and_the_grace_have_passed(string today, bool due)
    {
        var layout = Layout(Of("mt_events_m202610", "2026-10-01", "2026-11-01"), Tail("2030-01-01"));

        var plan = PartitionPolicy.Plan(layout, Options, At(today));

        plan.Steps.Any(s => s is { Kind: PartitionStepKind.Seal, Target: "mt_events_m202610" }).ShouldBe(due);
    }

    [Fact]
    public void sealing_claims_then_freezes_then_validates()
    {
        var layout = Layout(Of("mt_events_m202601", "2026-01-01", "2026-02-01"), Tail("2027-03-01"));

        PartitionPolicy.Plan(layout, Options, Now).Steps.ShouldHaveSingleItem().Statements.ShouldBe(
        [
            new("SELECT \"public\".mt_seal_partition('mt_events_m202601')"),
            new("VACUUM (FREEZE, ANALYZE) \"public\".\"mt_events_m202601\"", InTransaction: false),
            new("ALTER TABLE \"public\".\"mt_events_m202601\" VALIDATE CONSTRAINT mt_sealed"),
        ]);
    }

    [Theory]
    [InlineData(PartitionSeal.Open, 3)]
    [InlineData(PartitionSeal.Claimed, 2)]
    [InlineData(PartitionSeal.Withdrawn, 3)]
    [InlineData(PartitionSeal.Sealed, 0)]
    public void an_interrupted_sealing_is_completed_and_a_withdrawn_one_renewed(PartitionSeal seal, int statements)
    {
        var month = Of("mt_events_m202601", "2026-01-01", "2026-02-01") with { Seal = seal };
        var layout = Layout(month, Tail("2027-03-01"));

        PartitionPolicy.Plan(layout, Options, Now).Steps.Sum(s => s.Statements.Count).ShouldBe(statements);
    }

    [Fact]
    public void the_steps_come_in_their_order()
    {
        var layout = Layout(
            Head("2026-01-01"),
            Of("mt_events_m202601", "2026-01-01", "2026-02-01"),
            Of("mt_events_m202602", "2026-02-01", "2026-03-01") with { DetachPending = true },
            Of("mt_events_m202603_to_m202612", "2026-03-01", "2027-01-01", PartitionKind.Wide),
            Tail("2027-01-01")) with { LastAnalyzed = null };

        PartitionPolicy.Plan(layout, Options, Now).Steps.Select(s => $"{s.Kind} {s.Target}").ShouldBe(
        [
            "FinalizeDetach mt_events_m202602",
            "Provision mt_events_tail",
            "Seal mt_events_head",
            "Seal mt_events_m202601",
            "Analyze mt_events",
        ]);
    }

    [Theory]
    [InlineData("2026-04-01", "2026-05-01", true)]
    [InlineData("2026-04-01", "2026-04-30", false)]
    [InlineData("2026-03-15", "2026-05-01", false)]
    public void months_are_rolled_up_when_all_of_their_quarter_is_there_and_old_enough(
        string until, string today, bool due)
    {
        var layout = Layout(
            Head("2026-02-01"),
            Of("mt_events_m202602", "2026-02-01", "2026-03-01"),
            Of("mt_events_m202603", "2026-03-01", until),
            Of("mt_events_m202604", until, "2026-06-01"),
            Tail("2026-06-01"));
        var options = new PartitionOptions { RollUpInto = PartitionPeriod.Quarter, RollUpAge = TimeSpan.FromDays(30) };

        var step = PartitionPolicy.PlanRollUp(layout, options, At(today)).Steps.SingleOrDefault();

        (step?.Description).ShouldBe(
            due ? "mt_events_q202601: roll up mt_events_m202602 to mt_events_m202603 (2)" : null);
        (step?.Statements[^1]).ShouldBe(due
            ? new("SELECT \"public\".mt_roll_up('mt_events_m202602', 'mt_events_q202601', '2026-04-01 " +
                "00:00:00+00', 2000)", Repeats: true)
            : null);
        PartitionPolicy.PlanRollUp(layout, Options, At(today)).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void the_newest_partition_is_not_rolled_up_because_it_tells_the_period()
    {
        var layout = Layout(
            Head("2026-02-01"),
            Of("mt_events_m202602", "2026-02-01", "2026-03-01"),
            Of("mt_events_m202603", "2026-03-01", "2026-04-01"),
            Tail("2026-04-01"));
        var options = new PartitionOptions { RollUpInto = PartitionPeriod.Quarter, RollUpAge = TimeSpan.FromDays(30) };

        PartitionPolicy.PlanRollUp(layout, options, At("2026-12-01")).Steps.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(40, "")]
    [InlineData(31, "y2024")]
    [InlineData(20, "y2024 y2025")]
    [InlineData(17, "y2024 y2025 q202601")]
    [InlineData(10, "y2024 y2025 q202601 q202604 q202607")]
    public void a_crowd_becomes_years_and_where_that_is_not_enough_quarters(int? most, string expected)
    {
        var layout = Months(from: "2024-01-01", sealedUntil: "2026-10-01", count: 38);

        var steps = PartitionPolicy.Plan(layout, Options with { PartitionsAtMost = most }, At("2026-11-20")).Steps;

        steps.Where(step => step.Kind == PartitionStepKind.RollUp)
            .Select(step => step.Target["mt_events_".Length..]).ShouldBe(expected.Split(' ', Split));
    }

    [Fact]
    public void a_crowd_is_not_merged_before_all_of_it_is_sealed_nor_twice()
    {
        var crowded = Options with { PartitionsAtMost = 10 };

        RollUps(Months("2025-01-01", sealedUntil: "2025-12-01", count: 23), crowded)
            .ShouldBe(["mt_events_q202501", "mt_events_q202504", "mt_events_q202507"]);
        RollUps(Months("2025-02-01", sealedUntil: "2026-01-01", count: 22), crowded)
            .ShouldBe(["mt_events_y2025"]);
        RollUps(Months("2025-01-01", sealedUntil: "2026-01-01", count: 23),
                crowded with { RollUpInto = PartitionPeriod.Year, RollUpAge = TimeSpan.FromDays(30) })
            .ShouldBe(["mt_events_y2025"]);
    }

    private const StringSplitOptions Split = StringSplitOptions.RemoveEmptyEntries;

    private static IEnumerable<string> RollUps(PartitionLayout layout, PartitionOptions options) =>
        PartitionPolicy.Plan(layout, options, At("2026-11-20")).Steps
            .Where(step => step.Kind == PartitionStepKind.RollUp).Select(step => step.Target);

    /// <summary>A head, so many months, and a tail.</summary>
    private static PartitionLayout Months(string from, string sealedUntil, int count)
    {
        var starts = Enumerable.Range(0, count + 1).Select(month => At(from).AddMonths(month)).ToList();
        return Layout(
        [
            Head(from),
            .. starts.Zip(starts.Skip(1)).Select(month => Of(
                $"mt_events_m{month.First:yyyyMM}", $"{month.First:yyyy-MM-dd}", $"{month.Second:yyyy-MM-dd}") with
            {
                Seal = month.Second <= At(sealedUntil) ? PartitionSeal.Sealed : PartitionSeal.Open,
            }),
            Tail($"{starts[^1]:yyyy-MM-dd}"),
        ]);
    }

    [Theory]
    [InlineData(17, "ANALYZE \"public\".mt_events")]
    [InlineData(18, "ANALYZE ONLY \"public\".mt_events")]
    public void the_parent_is_analyzed_once_its_statistics_are_a_day_old(int version, string expected)
    {
        var layout = Layout(Tail("2027-03-01")) with { LastAnalyzed = Now.AddDays(-1), ServerVersion = version };

        PartitionPolicy.Plan(layout, Options, Now).Steps.ShouldHaveSingleItem().Statements.ShouldHaveSingleItem()
            .ShouldBe(new PartitionStatement(expected, InTransaction: false));
        PartitionPolicy.Plan(layout, Options, Now.AddTicks(-1)).Steps.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2025-05-17", "mt_events_head: cut the time from 2025-05-01 on out of it (8, at most 240 a call)")]
    [InlineData("2026-01-01", null)]
    public void the_past_is_made_on_demand_only(string since, string? description)
    {
        var month = Of("mt_events_m202601", "2026-01-01", "2026-02-01");
        var layout = Layout(Head("2026-01-01"), month, Tail("2027-03-01"));

        PartitionPolicy.PlanPartitions(layout, Options, Now).Steps.ShouldBeEmpty();
        PartitionPolicy.PlanPartitions(layout, Options, Now, At(since)).Steps.SingleOrDefault()?.Description
            .ShouldBe(description);
    }

    [Fact]
    public void what_is_not_ours_is_mentioned_and_left_alone()
    {
        var layout = Layout(Of("mt_events_default", "2020-01-01", "2020-02-01", PartitionKind.Other));

        var plan = PartitionPolicy.Plan(layout, Options, Now);

        plan.Steps.ShouldBeEmpty();
        plan.Remarks.ShouldBe(
        [
            "mt_events has no tail: later events are refused, and no partition can be made ahead",
            "mt_events_default is not a name of ours: left alone",
        ]);
    }

    private static PartitionLayout Layout(params Partition[] partitions) =>
        new() { SchemaName = "public", Partitions = partitions, LastAnalyzed = Now };

    private static Partition Head(string to) => Of("mt_events_head", null, to, PartitionKind.Head);

    private static Partition Tail(string from) => Of("mt_events_tail", from, null, PartitionKind.Tail);

    private static Partition Of(
        string name,
        string? from,
        string? to,
        PartitionKind kind = PartitionKind.Period,
        PartitionPeriod period = PartitionPeriod.Month) => new()
        {
            Oid = 1,
            Name = name,
            Kind = kind,
            Period = kind == PartitionKind.Period ? period : null,
            From = from is null ? null : At(from),
            To = to is null ? null : At(to),
            Generation = "1",
        };

    private static DateTimeOffset At(string day) => new(DateTime.Parse(day, null), TimeSpan.Zero);
}
