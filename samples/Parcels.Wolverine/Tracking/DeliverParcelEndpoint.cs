using Microsoft.AspNetCore.Mvc;
using Parcels.Api.Problems;
using Parcels.Tracking;
using Wolverine.Http;
using Wolverine.Http.Marten;
using Wolverine.Marten;

namespace Parcels.Api.Tracking;

/// <summary>Hands parcels over.</summary>
[Tags("Parcels")]
public static class DeliverParcelEndpoint
{
    /// <summary>
    /// Notes that a parcel has been handed over, and has its sender told; answers with the parcel as it is then.
    /// </summary>
    [WolverinePost("/parcels/{id}/deliveries")]
    [ProducesResponseType<ProblemDetails>(422, "application/problem+json")]
    public static (UpdatedAggregate, Events, NotifySender) Post(
        DeliverParcel command, [Aggregate("id", MissingMessage = Missing.Parcel)] Parcel parcel, TimeProvider time)
    {
        var delivered = ParcelDecider.Deliver(parcel, command, time.GetUtcNow());
        return (
            new UpdatedAggregate(),
            [delivered],
            new NotifySender(parcel.Id, parcel.Sender, delivered.SignedBy, delivered.At));
    }
}
