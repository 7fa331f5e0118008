using Marten;
using Microsoft.AspNetCore.Mvc;
using Parcels.Api.Problems;
using Parcels.Tracking;
using Wolverine.Http;
using Wolverine.Persistence;

namespace Parcels.Api.Tracking;

/// <summary>Tells what happened to a parcel.</summary>
[Tags("Parcels")]
public static class ParcelHistoryEndpoint
{
    /// <summary>So many events a page has where nobody asks for less.</summary>
    public const int PageSize = 100;

    /// <summary>A page is never longer: a parcel may be scanned without end.</summary>
    public static ProblemDetails Validate(long? after, int? limit) =>
        after is < 0 || limit is < 1 or > PageSize
            ? new ProblemDetails
            {
                Title = "There is no such page.",
                Detail = $"after is {after ?? 0}, limit is {limit ?? PageSize}. Allowed: after from 0, limit " +
                    $"from 1 to {PageSize}.",
                Status = StatusCodes.Status400BadRequest,
            }
            : WolverineContinue.NoProblems;

    /// <summary>
    /// What happened to it, oldest first: at most 100 events, those after a version. An empty page is the end.
    /// </summary>
    [WolverineGet("/parcels/{id}/history")]
    [ProducesResponseType<ProblemDetails>(400, "application/problem+json")]
    public static async Task<IReadOnlyList<HistoryEntry>> Get(
        [Entity("id", MissingMessage = Missing.Parcel)] ParcelStatus parcel,
        long? after,
        int? limit,
        IQuerySession session,
        CancellationToken cancellation)
    {
        var from = Math.Min(after ?? 0, int.MaxValue);
        var events = await session.Events.FetchStreamAsync(
            parcel.Id, version: from + (limit ?? PageSize), fromVersion: from + 1, token: cancellation);
        return [.. events.Select(e => new HistoryEntry(e.Version, e.EventTypeName, e.Timestamp, e.Data))];
    }
}
