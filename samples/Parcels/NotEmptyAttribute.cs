using System.ComponentModel.DataAnnotations;

namespace Parcels;

/// <summary>
/// An id of zeros only is none: it is what an absent one is read as. One that may be absent may be null.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotEmptyAttribute() : ValidationAttribute("The {0} field is required.")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is not Guid id || id != Guid.Empty;
}
