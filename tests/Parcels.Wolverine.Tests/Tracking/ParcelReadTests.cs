using System.Text.Json;
using Parcels.Api.Tests.App;
using Parcels.Api.Tracking;
using Parcels.Tracking;

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

    [Fact]
    public async Task a_long_history_is_told_in_pages()
    {
        var depot = await app.Host.DepotAsync();
        var parcel = await app.Host.ParcelAsync();
        await using (var session = app.Store.LightweightSession())
        {
            session.Events.Append(
                parcel, Enumerable.Range(0, 250).Select(_ => (object)new ParcelScanned(depot, DateTimeOffset.UtcNow)));
            await session.SaveChangesAsync();
        }

        var versions = new List<long>();
        foreach (var (page, count) in (IEnumerable<(string, int)>)
            [("", 100), ("?after=100", 100), ("?after=200&limit=60", 51), ("?after=251", 0),
                ("?after=9223372036854775807", 0)])
        {
            var history = await app.Host.GetAsync<HistoryEntry[]>($"/parcels/{parcel}/history{page}");
            history.Length.ShouldBe(count, page);
            versions.AddRange(history.Select(entry => entry.Version));
        }

        versions.ShouldBe(Enumerable.Range(1, 251).Select(version => (long)version));
        (await app.Host.GetAsync<HistoryEntry[]>($"/parcels/{parcel}/history?after=10&limit=2"))
            .Select(entry => entry.Version).ShouldBe([11, 12]);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=all")]
    [InlineData("after=-1")]
    public async Task a_page_that_there_is_not_is_refused(string page)
    {
        var parcel = await app.Host.ParcelAsync();

        await app.Host.RefusedGetAsync($"/parcels/{parcel}/history?{page}", 400);
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
