using Microsoft.AspNetCore.Mvc;
using Parcels.Api.Problems;
using Parcels.Tracking;
using Wolverine.Http;
using Wolverine.Http.Marten;
using Wolverine.Marten;

namespace Parcels.Api.Tracking;

/// <summary>Sends parcels back.</summary>
[Tags("Parcels")]
public static class ReturnParcelEndpoint
{
    /// <summary>Notes that a parcel has been sent back; answers with the parcel as it is then.</summary>
    [WolverinePost("/parcels/{id}/returns")]
    [ProducesResponseType<ProblemDetails>(422, "application/problem+json")]
    public static (UpdatedAggregate, ParcelReturned) Post(
        ReturnParcel command, [Aggregate("id", MissingMessage = Missing.Parcel)] Parcel parcel, TimeProvider time) =>
        (new UpdatedAggregate(), ParcelDecider.Return(parcel, command, time.GetUtcNow()));
}
