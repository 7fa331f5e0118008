using Parcels.Api.Depots;
using Parcels.Api.Tests.App;
using Parcels.Depots;

namespace Parcels.Api.Tests.Depots;

public sealed class OpenDepotTests(RunningApp app)
{
    [Fact]
    public async Task a_depot_is_opened_and_can_be_read_at_once()
    {
        var created = await app.Host.PostAsync<DepotCreated>("/depots", new OpenDepot("North", "Hamburg"), 201);

        created.Url.ShouldBe($"/depots/{created.Id}");
        var depot = await app.Host.GetAsync<Depot>(created.Url);
        (depot.Id, depot.Name, depot.City, depot.Version).ShouldBe((created.Id, "North", "Hamburg", 1));
    }

    [Fact]
    public async Task a_depot_without_city_and_with_too_long_a_name_is_refused()
    {
        var problem = await app.Host.RefusedPostAsync("/depots", new { name = new string('x', 101) }, 400);

        var errors = problem.Extensions["errors"]!.ToString()!;
        errors.ShouldContain("Name");
        errors.ShouldContain("City");
    }

    [Fact]
    public async Task an_id_can_be_taken_only_once()
    {
        var id = await app.Host.DepotAsync();

        var problem = await app.Host.RefusedPostAsync("/depots", new OpenDepot("South", "Munich", id), 409);

        problem.Type.ShouldBe("urn:parcels:id-taken");
        (await app.Host.GetAsync<Depot>($"/depots/{id}")).Name.ShouldBe("North");
    }

    [Fact]
    public async Task a_depot_that_does_not_exist_is_not_found()
    {
        var id = Guid.CreateVersion7();

        (await app.Host.RefusedGetAsync($"/depots/{id}", 404)).Detail.ShouldBe($"There is no depot {id}.");
    }
}
