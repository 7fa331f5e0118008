using Marten;
using Microsoft.AspNetCore.Mvc;
using Parcels.Api.Problems;
using Parcels.Depots;
using Wolverine.Http;
using Wolverine.Marten;

namespace Parcels.Api.Depots;

/// <summary>What can be asked about a depot.</summary>
[Tags("Depots")]
public static class DepotEndpoints
{
    /// <summary>The depot.</summary>
    [WolverineGet("/depots/{id}")]
    public static Depot Get([ReadAggregate("id", MissingMessage = Missing.Depot)] Depot depot) => depot;

    /// <summary>
    /// What it did on a day (UTC), today when none is given. The figures follow the events within a moment.
    /// </summary>
    [WolverineGet("/depots/{id}/throughput")]
    [ProducesResponseType<ProblemDetails>(400, "application/problem+json")]
    public static async Task<DepotThroughput> Throughput(
        [ReadAggregate("id", MissingMessage = Missing.Depot)] Depot depot,
        DateOnly? day,
        IQuerySession session,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var asked = day ?? DepotThroughput.DayOf(time.GetUtcNow());
        var id = DepotThroughput.IdOf(depot.Id, asked);
        return await session.LoadAsync<DepotThroughput>(id, cancellation) ?? DepotThroughput.None(depot.Id, asked);
    }
}
