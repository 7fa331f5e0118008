using System.ComponentModel.DataAnnotations;

namespace Parcels.Tracking;

/// <summary>Hand a parcel over to its recipient.</summary>
/// <param name="SignedBy">Who signed for it; up to 200 characters.</param>
/// <param name="ExpectedVersion">
/// The version of the parcel on which the decision rests, 1 or more: when it has moved on, the command is refused.
/// </param>
public sealed record DeliverParcel(
    [property: Required, StringLength(200), Storable] string SignedBy,
    [property: Range(1, long.MaxValue)] long ExpectedVersion);
