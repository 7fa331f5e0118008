using Parcels.Api.Tests.App;
using Parcels.Tracking;

namespace Parcels.Api.Tests.Tracking;

public sealed class ReturnParcelTests(RunningApp app)
{
    [Fact]
    public async Task a_return_ends_the_life_of_a_parcel()
    {
        var parcel = await app.Host.ScannedParcelAsync();

        var returned = await app.Host.PostAsync<Parcel>(
            $"/parcels/{parcel.Id}/returns", new ReturnParcel("Nobody there", parcel.Version));

        (returned.State, returned.Version).ShouldBe((ParcelState.Returned, 3));
        (await app.Host.GetAsync<ParcelStatus>($"/parcels/{parcel.Id}")).ReturnReason.ShouldBe("Nobody there");
    }

    [Fact]
    public async Task a_return_without_reason_is_refused()
    {
        var parcel = await app.Host.ScannedParcelAsync();

        var problem = await app.Host.RefusedPostAsync(
            $"/parcels/{parcel.Id}/returns", new { expectedVersion = 2 }, 400);

        problem.Extensions["errors"]!.ToString()!.ShouldContain("Reason");
    }

    [Fact]
    public async Task a_parcel_that_does_not_exist_is_not_found()
    {
        var problem = await app.Host.RefusedPostAsync(
            $"/parcels/{Guid.CreateVersion7()}/returns", new ReturnParcel("Nobody there", 1), 404);

        problem.Detail!.ShouldStartWith("There is no parcel");
    }

    [Fact]
    public async Task a_returned_parcel_is_neither_returned_again_nor_delivered()
    {
        var parcel = await app.Host.ScannedParcelAsync();
        await app.Host.PostAsync<Parcel>($"/parcels/{parcel.Id}/returns", new ReturnParcel("Nobody there", 2));

        var again = await app.Host.RefusedPostAsync(
            $"/parcels/{parcel.Id}/returns", new ReturnParcel("Nobody there", 3), 422);
        var delivery = await app.Host.RefusedPostAsync(
            $"/parcels/{parcel.Id}/deliveries", new DeliverParcel("Bob", 3), 422);

        (again.Type, delivery.Type).ShouldBe(
            ("urn:parcels:parcel-returned-already", "urn:parcels:parcel-returned-already"));
    }

    [Fact]
    public async Task a_decision_on_an_older_version_is_a_conflict()
    {
        var parcel = await app.Host.ScannedParcelAsync();

        var problem = await app.Host.RefusedPostAsync(
            $"/parcels/{parcel.Id}/returns", new ReturnParcel("Nobody there", parcel.Version - 1), 409);

        problem.Type.ShouldBe("urn:parcels:version-conflict");
        (await app.Host.GetAsync<ParcelStatus>($"/parcels/{parcel.Id}")).State.ShouldBe(ParcelState.InTransit);
    }
}
