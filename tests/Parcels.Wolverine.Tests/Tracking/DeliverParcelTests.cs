using Parcels.Api.Tests.App;
using Parcels.Api.Tracking;
using Parcels.Tracking;

namespace Parcels.Api.Tests.Tracking;

public sealed class DeliverParcelTests(RunningApp app)
{
    [Fact]
    public async Task a_delivery_ends_the_life_of_a_parcel()
    {
        var parcel = await app.Host.ScannedParcelAsync();

        var delivered = await app.Host.PostAsync<Parcel>(
            $"/parcels/{parcel.Id}/deliveries", new DeliverParcel("Bob", parcel.Version));

        delivered.State.ShouldBe(ParcelState.Delivered);
        var status = await app.Host.GetAsync<ParcelStatus>($"/parcels/{parcel.Id}");
        (status.State, status.SignedBy, status.Version).ShouldBe((ParcelState.Delivered, "Bob", 3));
    }

    [Fact]
    public async Task the_sender_is_told_through_the_outbox()
    {
        var parcel = await app.Host.DeliveredParcelAsync();

        var notice = await Until.IsAsync(
            () => NoticeAsync(parcel.Id), n => n is not null, "the sender is told");

        notice!.Sender.ShouldBe("Ada");
        (await app.Host.GetAsync<SenderNotice>($"/parcels/{parcel.Id}/notice")).Text.ShouldBe(notice.Text);
        (await MessagesAboutAsync(parcel.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task a_delivery_without_signature_and_version_is_refused()
    {
        var parcel = await app.Host.ScannedParcelAsync();

        var problem = await app.Host.RefusedPostAsync($"/parcels/{parcel.Id}/deliveries", new { signedBy = "" }, 400);

        var errors = problem.Extensions["errors"]!.ToString()!;
        errors.ShouldContain("SignedBy");
        errors.ShouldContain("ExpectedVersion");
    }

    [Fact]
    public async Task a_parcel_that_does_not_exist_is_not_found()
    {
        var problem = await app.Host.RefusedPostAsync(
            $"/parcels/{Guid.CreateVersion7()}/deliveries", new DeliverParcel("Bob", 1), 404);

        problem.Detail!.ShouldStartWith("There is no parcel");
    }

    [Fact]
    public async Task a_parcel_that_no_depot_has_seen_is_not_delivered()
    {
        var id = await app.Host.ParcelAsync();

        var problem = await app.Host.RefusedPostAsync($"/parcels/{id}/deliveries", new DeliverParcel("Bob", 1), 422);

        problem.Type.ShouldBe("urn:parcels:parcel-not-scanned");
        problem.Extensions["parcelId"]!.ToString().ShouldBe(id.ToString());
    }

    [Fact]
    public async Task a_parcel_is_delivered_only_once()
    {
        var parcel = await app.Host.DeliveredParcelAsync();

        var problem = await app.Host.RefusedPostAsync(
            $"/parcels/{parcel.Id}/deliveries", new DeliverParcel("Eve", parcel.Version), 422);

        problem.Type.ShouldBe("urn:parcels:parcel-delivered-already");
        (await app.Host.GetAsync<ParcelStatus>($"/parcels/{parcel.Id}")).SignedBy.ShouldBe("Bob");
    }

    [Fact]
    public async Task a_decision_on_an_older_version_is_a_conflict_and_no_sender_is_told()
    {
        var parcel = await app.Host.ScannedParcelAsync();

        var problem = await app.Host.RefusedPostAsync(
            $"/parcels/{parcel.Id}/deliveries", new DeliverParcel("Bob", parcel.Version - 1), 409);

        problem.Type.ShouldBe("urn:parcels:version-conflict");
        problem.Extensions["version"]!.ToString().ShouldBe("2");
        (await MessagesAboutAsync(parcel.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task the_slower_of_two_is_told_of_the_conflict_and_no_sender_is_told()
    {
        var parcel = await app.Host.ScannedParcelAsync();
        await using var faster = await FasterWriter.ScanAsync(app, parcel.Id);

        var slower = app.Host.RefusedPostAsync(
            $"/parcels/{parcel.Id}/deliveries", new DeliverParcel("Bob", parcel.Version), 409);
        await faster.CommitOnceAwaitedAsync();

        (await slower).Type.ShouldBe("urn:parcels:version-conflict");
        var status = await app.Host.GetAsync<ParcelStatus>($"/parcels/{parcel.Id}");
        (status.Version, status.State).ShouldBe((3, ParcelState.InTransit));
        (await MessagesAboutAsync(parcel.Id)).ShouldBe(0);
    }

    private async Task<SenderNotice?> NoticeAsync(Guid parcel)
    {
        await using var session = app.Store.QuerySession();
        return await session.LoadAsync<SenderNotice>(parcel);
    }

    /// <summary>How many messages about the parcel were stored; those handled are kept for minutes.</summary>
    private Task<long> MessagesAboutAsync(Guid parcel) => app.Database.DataSource.ScalarAsync<long>(
        "select count(*) from wolverine_incoming_envelopes where position(convert_to($1, 'UTF8') in body) > 0",
        parcel.ToString());
}
