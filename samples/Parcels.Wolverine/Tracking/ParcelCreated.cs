using Wolverine.Http;

namespace Parcels.Api.Tracking;

/// <summary>Answer to a registration: 201, with the address of the parcel.</summary>
/// <param name="Id">The parcel.</param>
public sealed record ParcelCreated(Guid Id) : CreationResponse($"/parcels/{Id}");
