using System.ComponentModel.DataAnnotations;

namespace Parcels.Depots;

/// <summary>Open a depot.</summary>
/// <param name="Name">What it is called; up to 100 characters.</param>
/// <param name="City">Where it is; up to 100 characters.</param>
/// <param name="Id">The depot's id; null to have one made.</param>
public sealed record OpenDepot(
    [property: Required, StringLength(100), Storable] string Name,
    [property: Required, StringLength(100), Storable] string City,
    [property: NotEmpty(ErrorMessage = "The {0} field is all zeros. Leave it out to have an id made.")] Guid? Id =
        null);
