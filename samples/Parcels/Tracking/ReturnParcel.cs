using System.ComponentModel.DataAnnotations;

namespace Parcels.Tracking;

/// <summary>Send a parcel back.</summary>
/// <param name="Reason">Why; up to 500 characters.</param>
/// <param name="ExpectedVersion">
/// The version of the parcel on which the decision rests, 1 or more: when it has moved on, the command is refused.
/// </param>
public sealed record ReturnParcel(
    [property: Required, StringLength(500), Storable] string Reason,
    [property: Range(1, long.MaxValue)] long ExpectedVersion);
