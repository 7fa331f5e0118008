using JasperFx;
using Marten.Exceptions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Parcels.Tracking;

namespace Parcels.Api.Problems;

/// <summary>
/// What clients are told of a command that was refused (RFC 9457). A conflict, 409, is worth another try with the
/// state read anew; a rule, 422, is not.
/// </summary>
public static class ProblemMapping
{
    private const string VersionConflict = "urn:parcels:version-conflict";

    private const string HasChanged = "It has changed in the meantime.";

    /// <summary>Somebody else was faster by a moment: Marten found out when it wrote.</summary>
    public static ProblemDetails OnException(ConcurrencyException exception) => new()
    {
        Type = VersionConflict,
        Title = HasChanged,
        Detail = "Somebody else wrote at the same time. Read it again and decide anew.",
        Status = StatusCodes.Status409Conflict,
        Extensions = { ["id"] = exception.Id },
    };

    /// <summary>The version on which the decision rests is not the parcel's any more.</summary>
    public static ProblemDetails OnException(ParcelChangedException exception) => new()
    {
        Type = VersionConflict,
        Title = HasChanged,
        Detail = exception.Message,
        Status = StatusCodes.Status409Conflict,
        Extensions = { ["id"] = exception.ParcelId, ["version"] = exception.ActualVersion },
    };

    /// <summary>The id of something new is taken.</summary>
    public static ProblemDetails OnException(ExistingStreamIdCollisionException exception, HttpContext context)
    {
        // It was set for what was about to be created.
        context.Response.Headers.Remove(HeaderNames.Location);
        return new ProblemDetails
        {
            Type = "urn:parcels:id-taken",
            Title = "The id is taken.",
            Detail = $"{exception.Id} exists already. Leave the id out to have one made.",
            Status = StatusCodes.Status409Conflict,
            Extensions = { ["id"] = exception.Id },
        };
    }

    /// <summary>A rule of the domain stands against it.</summary>
    public static ProblemDetails OnException(ParcelRuleException exception) => new()
    {
        Type = "urn:parcels:" + exception.Rule,
        Title = "The parcel is not in a state for this.",
        Detail = exception.Message,
        Status = StatusCodes.Status422UnprocessableEntity,
        Extensions = { ["parcelId"] = exception.ParcelId },
    };
}
