using System.Globalization;
using Marten.Events;
using Parcels.Api.Tests.App;
using Parcels.Depots;
using Parcels.Tracking;

namespace Parcels.Api.Tests.Depots;

public sealed class ThroughputTests(RunningApp app)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task once_the_daemon_has_caught_up_a_day_counts_what_happened_at_the_depot()
    {
        var depot = await app.Host.DepotAsync();
        var delivered = await app.Host.ScannedParcelAsync(depot);
        var returned = await app.Host.ScannedParcelAsync(depot);
        await app.Host.ScannedParcelAsync(depot);
        await app.Host.PostAsync<Parcel>($"/parcels/{delivered.Id}/deliveries", new DeliverParcel("Bob", 2));
        await app.Host.PostAsync<Parcel>($"/parcels/{returned.Id}/returns", new ReturnParcel("Nobody there", 2));

        await app.Host.WaitForNonStaleProjectionDataAsync(Patience);
        var days = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(later => OnAsync(depot, delivered.UpdatedAt.AddDays(later))));

        // Two days, lest the test fail at midnight.
        days.Sum(d => d.Scans).ShouldBe(3);
        days.Sum(d => d.Deliveries).ShouldBe(1);
        days.Sum(d => d.Returns).ShouldBe(1);
    }

    [Fact]
    public async Task a_day_on_which_nothing_happened_counts_nothing()
    {
        var depot = await app.Host.DepotAsync();

        var day = await OnAsync(depot, new DateTimeOffset(2020, 2, 29, 12, 0, 0, TimeSpan.Zero));

        day.ShouldBe(DepotThroughput.None(depot, new DateOnly(2020, 2, 29)));
    }

    [Fact]
    public async Task without_a_day_it_is_today()
    {
        var depot = await app.Host.DepotAsync();
        var before = DateOnly.FromDateTime(DateTime.UtcNow);

        var throughput = await app.Host.GetAsync<DepotThroughput>($"/depots/{depot}/throughput");

        throughput.Day.ShouldBeInRange(before, DateOnly.FromDateTime(DateTime.UtcNow));
    }

    [Fact]
    public async Task what_is_no_day_is_refused()
    {
        var depot = await app.Host.DepotAsync();

        var problem = await app.Host.RefusedGetAsync($"/depots/{depot}/throughput?day=2026-02-30", 400);

        problem.Detail!.ShouldContain("2026-02-30");
    }

    [Fact]
    public async Task a_depot_that_does_not_exist_is_not_found()
    {
        var problem = await app.Host.RefusedGetAsync($"/depots/{Guid.CreateVersion7()}/throughput", 404);

        problem.Detail!.ShouldStartWith("There is no depot");
    }

    private Task<DepotThroughput> OnAsync(Guid depot, DateTimeOffset at) => app.Host.GetAsync<DepotThroughput>(
        string.Create(CultureInfo.InvariantCulture, $"/depots/{depot}/throughput?day={at.UtcDateTime:yyyy-MM-dd}"));
}
