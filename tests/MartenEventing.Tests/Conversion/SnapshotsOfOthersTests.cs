using MartenEventing.Conversion;
using MartenEventing.Partitioning;
using MartenEventing.Tests.Events;
using MartenEventing.Tests.Guard;

namespace MartenEventing.Tests.Conversion;

public sealed class SnapshotsOfOthersTests
{
    /// <summary>The server hides most of other roles' sessions from an owner that is no superuser.</summary>
    [Fact]
    public async Task the_switch_waits_for_snapshots_of_other_roles_that_would_miss_copied_events()
    {
        await using var store = await PlainStore.CreateAsync(100);
        await using var role = await LimitedRole.CreateAsync(store.Database, "SELECT ON mt_events");
        await using var reader = await role.DataSource.OpenConnectionAsync();
        var conversion = store.Conversion(
            PlainStore.Shadow with { GiveUpAfter = TimeSpan.FromSeconds(1) },
            (step, moment) => (step, moment) == ("streams", SessionMoment.Committed)
                ? reader.RunAsync("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
                : Task.CompletedTask);

        var error = await Should.ThrowAsync<ConversionGaveUpException>(conversion.StartAsync());

        (error.Step, error.HeldBy!).ShouldSatisfyAllConditions(
            e => e.Step.ShouldBe("snapshots"), e => e.Item2.ShouldContain($" {reader.ProcessID} "));
        await reader.RunAsync("COMMIT");
        (await store.Conversion().StartAsync()).State.ShouldBe(ConversionState.Switched);
    }
}
