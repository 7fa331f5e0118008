using Parcels.Api.Problems;
using Parcels.Tracking;
using Wolverine.Http;
using Wolverine.Persistence;

namespace Parcels.Api.Tracking;

/// <summary>What can be asked about a parcel.</summary>
[Tags("Parcels")]
public static class ParcelEndpoints
{
    /// <summary>How it stands.</summary>
    [WolverineGet("/parcels/{id}")]
    public static ParcelStatus Get([Entity("id", MissingMessage = Missing.Parcel)] ParcelStatus parcel) => parcel;

    /// <summary>What its sender was told.</summary>
    [WolverineGet("/parcels/{id}/notice")]
    public static SenderNotice Notice([Entity("id", MissingMessage = Missing.Notice)] SenderNotice notice) => notice;
}
