using Parcels.Api.Tests.App;
using Parcels.Tracking;

namespace Parcels.Api.Tests.Tracking;

public sealed class ScanParcelTests(RunningApp app)
{
    [Fact]
    public async Task a_scan_answers_with_the_parcel_as_it_is_then()
    {
        var depot = await app.Host.DepotAsync();
        var id = await app.Host.ParcelAsync();

        var parcel = await app.Host.PostAsync<Parcel>($"/parcels/{id}/scans", new ScanParcel(depot));

        parcel.Version.ShouldBe(2);
        parcel.State.ShouldBe(ParcelState.InTransit);
        parcel.LastDepotId.ShouldBe(depot);
        (await app.Host.GetAsync<ParcelStatus>($"/parcels/{id}")).Scans.ShouldBe(1);
    }

    [Fact]
    public async Task a_scan_without_depot_is_refused()
    {
        var id = await app.Host.ParcelAsync();

        var problem = await app.Host.RefusedPostAsync($"/parcels/{id}/scans", new { }, 400);

        problem.Extensions["errors"]!.ToString()!.ShouldContain("DepotId");
    }

    [Fact]
    public async Task a_scan_at_a_depot_that_does_not_exist_is_refused()
    {
        var id = await app.Host.ParcelAsync();
        var depot = Guid.CreateVersion7();

        var problem = await app.Host.RefusedPostAsync($"/parcels/{id}/scans", new ScanParcel(depot), 400);

        problem.Detail.ShouldBe($"There is no depot {depot}.");
    }

    [Fact]
    public async Task a_parcel_that_does_not_exist_is_not_found()
    {
        var (id, depot) = (Guid.CreateVersion7(), await app.Host.DepotAsync());

        var problem = await app.Host.RefusedPostAsync($"/parcels/{id}/scans", new ScanParcel(depot), 404);

        problem.Detail.ShouldBe($"There is no parcel {id}.");
    }

    [Fact]
    public async Task a_delivered_parcel_is_not_scanned_any_more()
    {
        var parcel = await app.Host.DeliveredParcelAsync();

        var problem = await app.Host.RefusedPostAsync(
            $"/parcels/{parcel.Id}/scans", new ScanParcel(parcel.LastDepotId!.Value), 422);

        problem.Type.ShouldBe("urn:parcels:parcel-delivered-already");
        (await app.Host.GetAsync<ParcelStatus>($"/parcels/{parcel.Id}")).Version.ShouldBe(3);
    }
}
