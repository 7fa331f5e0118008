using MartenEventing.Schema;
using MartenEventing.TestSupport;

namespace MartenEventing.Tests.Retention;

/// <summary>
/// Many short histories by chance, see <see cref="RetentionCase"/> and <see cref="Effort"/>. With MARTEN_EVENTING_SEED
/// alone that one is the only one.
/// </summary>
public sealed class RetentionCaseTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task whatever_happened_before_and_meanwhile_retention_leaves_streams_complete_or_absent(
        EventTenancy tenancy)
    {
        var seed = Effort.Seed;
        var count = Effort.GivenSeed is null || Effort.IsFull ? Effort.Of(share: 5, full: 250) : 1;
        var removed = 0;
        await using var cases = await CaseStore.CreateAsync(tenancy);
        for (var i = 0; i < count; i++)
        {
            var history = new RetentionCase(cases, seed + i);
            try
            {
                await history.RunAsync();
                removed += history.Removed;
            }
            catch (Exception)
            {
                output.WriteLine($"MARTEN_EVENTING_SEED={seed + i}, {tenancy}\n{history.Log}");
                throw;
            }
        }

        output.WriteLine($"{count} cases from MARTEN_EVENTING_SEED={seed} on, {removed} streams removed");
        if (count > 1)
            removed.ShouldBeGreaterThan(0);
    }
}
