using System.Text.Json;
using Parcels.Api.Tests.App;

namespace Parcels.Api.Tests;

public sealed class OpenApiTests(RunningApp app)
{
    private static readonly string[] Operations =
    [
        "GET /depots/{id}",
        "GET /depots/{id}/throughput",
        "GET /parcels/{id}",
        "GET /parcels/{id}/history",
        "GET /parcels/{id}/notice",
        "POST /depots",
        "POST /parcels",
        "POST /parcels/{id}/deliveries",
        "POST /parcels/{id}/returns",
        "POST /parcels/{id}/scans",
    ];

    [Fact]
    public async Task the_document_lists_every_endpoint()
    {
        var document = await app.Host.GetAsync<JsonElement>("/openapi/v1.json");

        var listed =
            from path in document.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            select $"{method.Name.ToUpperInvariant()} {path.Name}";
        listed.Order(StringComparer.Ordinal).ShouldBe(Operations);
    }

    [Theory]
    [InlineData("deliveries")]
    [InlineData("returns")]
    [InlineData("scans")]
    public async Task the_document_tells_how_a_command_can_be_refused(string commands)
    {
        var document = await app.Host.GetAsync<JsonElement>("/openapi/v1.json");

        var answers = document.GetProperty("paths").GetProperty($"/parcels/{{id}}/{commands}").GetProperty("post")
            .GetProperty("responses").EnumerateObject().ToDictionary(r => r.Name, r => r.Value.GetRawText());
        foreach (var status in new[] { "400", "404", "409", "422" })
            answers[status].ShouldContain("application/problem+json");
        answers["200"].ShouldContain("Parcel");
    }
}
