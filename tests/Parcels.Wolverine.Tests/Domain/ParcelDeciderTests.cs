using Parcels.Tracking;

namespace Parcels.Api.Tests.Domain;

/// <summary>The rules need neither host nor database.</summary>
public sealed class ParcelDeciderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly Guid _depot = Guid.CreateVersion7();
    private readonly Parcel _registered = Parcel.Create(
        ParcelDecider.Register(new RegisterParcel("Ada", "Bob", "Berlin"), Guid.CreateVersion7(), Noon));

    [Fact]
    public void a_scan_happens_where_and_when_it_is_said() =>
        ParcelDecider.Scan(_registered, _depot, Noon).ShouldBe(new ParcelScanned(_depot, Noon));

    [Fact]
    public void a_delivery_starts_from_the_depot_that_saw_the_parcel_last()
    {
        var parcel = Scanned();

        var delivered = ParcelDecider.Deliver(parcel, new DeliverParcel("Bob", 2), Noon);

        delivered.ShouldBe(new ParcelDelivered(_depot, "Bob", Noon));
        parcel.Apply(delivered).State.ShouldBe(ParcelState.Delivered);
    }

    [Fact]
    public void a_parcel_that_no_depot_has_seen_can_neither_be_delivered_nor_returned()
    {
        var parcel = _registered with { Version = 1 };

        Should.Throw<ParcelNotScannedException>(
            () => ParcelDecider.Deliver(parcel, new DeliverParcel("Bob", 1), Noon)).ParcelId.ShouldBe(parcel.Id);
        Should.Throw<ParcelNotScannedException>(
            () => ParcelDecider.Return(parcel, new ReturnParcel("Nobody there", 1), Noon));
    }

    [Fact]
    public void nothing_happens_to_a_parcel_after_its_end()
    {
        var delivered = Scanned().Apply(new ParcelDelivered(_depot, "Bob", Noon));
        var returned = Scanned().Apply(new ParcelReturned(_depot, "Nobody there", Noon));

        Should.Throw<ParcelAlreadyDeliveredException>(() => ParcelDecider.Scan(delivered, _depot, Noon))
            .DeliveredAt.ShouldBe(Noon);
        Should.Throw<ParcelAlreadyReturnedException>(() => ParcelDecider.Scan(returned, _depot, Noon))
            .ReturnedAt.ShouldBe(Noon);
    }

    [Fact]
    public void a_decision_on_another_version_is_told_both_versions()
    {
        var error = Should.Throw<ParcelChangedException>(
            () => ParcelDecider.Deliver(Scanned(), new DeliverParcel("Bob", 1), Noon));

        (error.ExpectedVersion, error.ActualVersion).ShouldBe((1, 2));
        error.Message.ShouldEndWith(
            "is at version 2, the decision rests on version 1. Read it again and decide anew.");
    }

    private Parcel Scanned() => _registered.Apply(new ParcelScanned(_depot, Noon)) with { Version = 2 };
}
