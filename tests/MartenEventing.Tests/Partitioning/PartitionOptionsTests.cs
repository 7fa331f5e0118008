using MartenEventing.Partitioning;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Partitioning;

public sealed class PartitionOptionsTests
{
    [Fact]
    public void the_defaults_are_three_months_ahead_sealed_after_a_week_and_a_second_of_patience()
    {
        var options = new PartitionOptions().Validated();

        options.Period.ShouldBeNull();
        options.PeriodsAhead.ShouldBe(3);
        options.SealGrace.ShouldBe(TimeSpan.FromDays(7));
        options.LockTimeout.ShouldBe(TimeSpan.FromSeconds(1));
        options.LockAttempts.ShouldBe(5);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public void an_option_out_of_range_is_named_with_its_value_and_the_range(int periodsAhead)
    {
        var options = new PartitionOptions { PeriodsAhead = periodsAhead };

        var error = Should.Throw<ArgumentException>(() => options.Validated());

        error.ParamName.ShouldBe("PeriodsAhead");
        error.Message.ShouldStartWith($"PartitionOptions.PeriodsAhead is \"{periodsAhead}\". Allowed: 0 to 1000.");
    }

    [Fact]
    public void spans_of_time_have_their_ranges_too()
    {
        Should.Throw<ArgumentException>(() => new PartitionOptions { LockTimeout = TimeSpan.Zero }.Validated())
            .Message.ShouldStartWith(
                "PartitionOptions.LockTimeout is \"00:00:00\". Allowed: 00:00:00.0100000 to 00:01:00.");
        Should.Throw<ArgumentException>(() => new PartitionOptions { SealGrace = TimeSpan.FromTicks(-1) }.Validated());
        Should.Throw<ArgumentException>(() => new PartitionOptions { LockAttempts = 0 }.Validated());
        Should.Throw<ArgumentException>(() => new PartitionOptions { LockBackOff = TimeSpan.Zero }.Validated());
        Should.Throw<ArgumentException>(() => new PartitionOptions { AnalyzeInterval = TimeSpan.Zero }.Validated());
        Should.Throw<ArgumentException>(() => new PartitionOptions { Period = (PartitionPeriod)9 }.Validated());
    }
}
