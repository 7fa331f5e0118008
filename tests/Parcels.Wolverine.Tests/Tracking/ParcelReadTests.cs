using System.Text.Json;
using Parcels.Api.Tests.App;
using Parcels.Api.Tracking;

namespace Parcels.Api.Tests.Tracking;

public sealed class ParcelReadTests(RunningApp app)
{
    [Fact]
    public async Task the_history_tells_all_that_happened_in_order()
    {
        var parcel = await app.Host.DeliveredParcelAsync();

        var history = await app.Host.GetAsync<HistoryEntry[]>($"/parcels/{parcel.Id}/history");

        history.Select(e => (e.Version, e.Event)).ShouldBe(
            [(1, "parcel_registered"), (2, "parcel_scanned"), (3, "parcel_delivered")]);
        ((JsonElement)history[2].Data).GetProperty("signedBy").GetString().ShouldBe("Bob");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/history")]
    public async Task a_parcel_that_does_not_exist_is_not_found(string what)
    {
        var id = Guid.CreateVersion7();

        var problem = await app.Host.RefusedGetAsync($"/parcels/{id}{what}", 404);

        problem.Detail.ShouldBe($"There is no parcel {id}.");
    }

    [Fact]
    public async Task nobody_has_been_told_of_a_parcel_underway()
    {
        var parcel = await app.Host.ScannedParcelAsync();

        var problem = await app.Host.RefusedGetAsync($"/parcels/{parcel.Id}/notice", 404);

        problem.Detail!.ShouldStartWith("Nobody was told");
    }

    [Fact]
    public async Task what_is_no_id_is_not_found() => await app.Host.RefusedGetAsync("/parcels/42", 404);
}
