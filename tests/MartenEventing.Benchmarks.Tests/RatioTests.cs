namespace MartenEventing.Benchmarks.Tests;

public sealed class RatioTests
{
    [Fact]
    public void the_value_is_the_median_of_the_rounds()
    {
        var ratio = new Ratio("x", "x", [9, 1, 2]);

        (ratio.Value, ratio.Min, ratio.Max).ShouldBe((2, 1, 9));
        new Ratio("x", "x", [4, 1]).Value.ShouldBe(2.5);
    }

    [Fact]
    public void a_target_is_met_on_its_bound()
    {
        new Ratio("x", "x", [1.5], Target.AtLeast(1.5)).Met.ShouldBe(true);
        new Ratio("x", "x", [1.5], Target.AtMost(1.5)).Met.ShouldBe(true);
        new Ratio("x", "x", [1.4], Target.AtLeast(1.5)).Met.ShouldBe(false);
        new Ratio("x", "x", [1.4]).Met.ShouldBeNull();
    }

    [Fact]
    public async Task both_sides_take_turns_in_beginning()
    {
        var turns = new List<Side>();

        await Rounds.TimesAsync(2, turns: 1, (side, _) =>
        {
            turns.Add(side);
            return Task.CompletedTask;
        }, TestContext.Current.CancellationToken);

        turns.ShouldBe([Side.Plain, Side.Partitioned, Side.Partitioned, Side.Plain]);
    }

    [Fact]
    public async Task all_sides_do_the_same_reads_each_once()
    {
        var reads = new List<(int Side, int Number)>();

        await Rounds.ReadAsync(sides: 3, warmUp: 1, rounds: 2, reads: 7, (side, number, _) =>
        {
            reads.Add((side, number));
            return Task.CompletedTask;
        }, processorTime: null, TestContext.Current.CancellationToken);

        for (var side = 0; side < 3; side++)
            reads.Where(read => read.Side == side).Select(read => read.Number).ShouldBe(Enumerable.Range(0, 21));
    }
}
