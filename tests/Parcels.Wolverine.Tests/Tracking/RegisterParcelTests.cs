using Alba;
using Parcels.Api.Tests.App;
using Parcels.Api.Tracking;
using Parcels.Tracking;

namespace Parcels.Api.Tests.Tracking;

public sealed class RegisterParcelTests(RunningApp app)
{
    [Fact]
    public async Task a_parcel_is_registered_and_can_be_read_at_once()
    {
        var result = await app.Host.Scenario(s =>
        {
            s.Post.Json(new RegisterParcel("Ada", "Bob", "Berlin")).ToUrl("/parcels");
            s.StatusCodeShouldBe(201);
            s.Header("Location").ShouldHaveOneNonNullValue();
        });

        var created = (await result.ReadAsJsonAsync<ParcelCreated>())!;
        var status = await app.Host.GetAsync<ParcelStatus>(result.Context.Response.Headers.Location.ToString());
        status.Id.ShouldBe(created.Id);
        status.Version.ShouldBe(1);
        status.State.ShouldBe(ParcelState.Registered);
        (status.Sender, status.Recipient, status.Destination).ShouldBe(("Ada", "Bob", "Berlin"));
    }

    [Fact]
    public async Task a_parcel_without_sender_is_refused_with_the_name_of_the_field()
    {
        var problem = await app.Host.RefusedPostAsync(
            "/parcels", new { recipient = "Bob", destination = "Berlin" }, 400);

        problem.Extensions["errors"]!.ToString()!.ShouldContain("Sender");
    }

    [Theory]
    [InlineData("{\"sender\":", "Invalid JSON format")]
    [InlineData("", "Invalid JSON format")]
    [InlineData("null", "The body is null")]
    public async Task a_body_that_is_no_command_is_refused(string body, string reason)
    {
        var result = await app.Host.Scenario(s =>
        {
            s.Post.Text(body).ToUrl("/parcels");
            s.WithRequestHeader("Content-Type", "application/json");
            s.StatusCodeShouldBe(400);
            s.ContentTypeShouldBe("application/problem+json");
        });

        (await result.ReadAsTextAsync()).ShouldContain(reason);
    }

    [Theory]
    [InlineData("/parcels", """{"sender":"A\u0000","recipient":"Bob","destination":"Berlin"}""", "Sender")]
    [InlineData("/parcels", """{"sender":"Ada","recipient":"\u0000","destination":"Berlin"}""", "Recipient")]
    [InlineData("/parcels", """{"sender":"Ada","recipient":"Bob","destination":"B\u0000n"}""", "Destination")]
    [InlineData("/depots", """{"name":"N\u0000","city":"Hamburg"}""", "Name")]
    [InlineData("/depots", """{"name":"North","city":"\u0000H"}""", "City")]
    [InlineData("/parcels/<parcel>/deliveries", """{"signedBy":"B\u0000b","expectedVersion":2}""", "SignedBy")]
    [InlineData("/parcels/<parcel>/returns", """{"reason":"\u0000","expectedVersion":2}""", "Reason")]
    [InlineData(
        "/parcels", """{"id":"00000000-0000-0000-0000-000000000000","sender":"A","recipient":"B","destination":"C"}""",
        "Id")]
    [InlineData("/depots", """{"id":"00000000-0000-0000-0000-000000000000","name":"North","city":"Hamburg"}""", "Id")]
    public async Task what_cannot_be_stored_or_is_no_id_is_refused_with_the_name_of_the_field(
        string url, string body, string field)
    {
        var parcel = await app.Host.ScannedParcelAsync();
        var result = await app.Host.Scenario(s =>
        {
            s.Post.Text(body).ToUrl(url.Replace("<parcel>", $"{parcel.Id}"));
            s.WithRequestHeader("Content-Type", "application/json");
            s.StatusCodeShouldBe(400);
            s.ContentTypeShouldBe("application/problem+json");
        });

        (await result.ReadAsTextAsync()).ShouldContain($"\"{field}\":[");
    }

    [Fact]
    public async Task half_a_surrogate_pair_is_refused()
    {
        var result = await app.Host.Scenario(s =>
        {
            s.Post.Text("""{"sender":"\ud800","recipient":"Bob","destination":"Berlin"}""").ToUrl("/parcels");
            s.WithRequestHeader("Content-Type", "application/json");
            s.StatusCodeShouldBe(400);
        });

        (await result.ReadAsTextAsync()).ShouldNotContain("   at ");
    }

    [Fact]
    public async Task a_body_that_is_far_too_long_is_refused_before_it_is_read()
    {
        var problem = await app.Host.RefusedPostAsync(
            "/parcels", new RegisterParcel(new string('A', 29_000_000), "Bob", "Berlin"), 413);

        problem.Detail!.ShouldEndWith("Allowed: 65536.");
    }

    [Fact]
    public async Task an_id_can_be_taken_only_once()
    {
        var command = new RegisterParcel("Ada", "Bob", "Berlin", Guid.CreateVersion7());
        (await app.Host.PostAsync<ParcelCreated>("/parcels", command, 201)).Id.ShouldBe(command.Id!.Value);

        var problem = await app.Host.RefusedPostAsync("/parcels", command with { Sender = "Eve" }, 409);

        problem.Type.ShouldBe("urn:parcels:id-taken");
        problem.Extensions["id"]!.ToString().ShouldBe(command.Id.ToString());
        (await app.Host.GetAsync<ParcelStatus>($"/parcels/{command.Id}")).Sender.ShouldBe("Ada");
    }
}
