using System.ComponentModel.DataAnnotations;

namespace Parcels.Tracking;

/// <summary>Take a parcel in.</summary>
/// <param name="Sender">Who sends it, and is told when it has arrived; up to 200 characters.</param>
/// <param name="Recipient">Who is to get it; up to 200 characters.</param>
/// <param name="Destination">Where it goes; up to 500 characters.</param>
/// <param name="Id">
/// The parcel's id; null to have one made. A client that gives it may repeat the command without registering the
/// parcel twice.
/// </param>
public sealed record RegisterParcel(
    [property: Required, StringLength(200), Storable] string Sender,
    [property: Required, StringLength(200), Storable] string Recipient,
    [property: Required, StringLength(500), Storable] string Destination,
    [property: NotEmpty(ErrorMessage = "The {0} field is all zeros. Leave it out to have an id made.")] Guid? Id =
        null);
