using System.Globalization;
using MartenEventing.Schema;

namespace MartenEventing.Tests.Retention;

/// <summary>
/// Many short histories by chance, see <see cref="RetentionCase"/>. MARTEN_EVENTING_RETENTION_CASES says how many,
/// MARTEN_EVENTING_SEED which the first is; with that alone, it is the only one.
/// </summary>
public sealed class RetentionCaseTests(ITestOutputHelper output)
{
    private const int Cases = 10;

    [Theory]
    [InlineData(EventTenancy.Single)]
    [InlineData(EventTenancy.Conjoined)]
    public async Task whatever_happened_before_and_meanwhile_retention_leaves_streams_complete_or_absent(EventTenancy tenancy)
    {
        var given = Number("MARTEN_EVENTING_SEED");
        var seed = given ?? Random.Shared.Next(int.MaxValue / 2);
        var count = Number("MARTEN_EVENTING_RETENTION_CASES") ?? (given is null ? Cases : 1);
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
        if (count >= Cases)
            removed.ShouldBeGreaterThan(0);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
