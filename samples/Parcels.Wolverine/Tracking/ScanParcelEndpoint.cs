using Microsoft.AspNetCore.Mvc;
using Parcels.Api.Problems;
using Parcels.Depots;
using Parcels.Tracking;
using Wolverine.Http;
using Wolverine.Http.Marten;
using Wolverine.Marten;
using Wolverine.Persistence;

namespace Parcels.Api.Tracking;

/// <summary>Scans parcels at depots.</summary>
[Tags("Parcels")]
public static class ScanParcelEndpoint
{
    /// <summary>Notes that a parcel is at a depot; answers with the parcel as it is then.</summary>
    [WolverinePost("/parcels/{id}/scans")]
    [ProducesResponseType<ProblemDetails>(422, "application/problem+json")]
    public static (UpdatedAggregate, ParcelScanned) Post(
        ScanParcel command,
        [Aggregate("id", MissingMessage = Missing.Parcel)] Parcel parcel,
        [ReadAggregate(nameof(ScanParcel.DepotId),
            OnMissing = OnMissing.ProblemDetailsWith400, MissingMessage = Missing.Depot)] Depot depot,
        TimeProvider time) =>
        (new UpdatedAggregate(), ParcelDecider.Scan(parcel, depot.Id, time.GetUtcNow()));
}
