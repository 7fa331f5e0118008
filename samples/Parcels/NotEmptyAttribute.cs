using System.ComponentModel.DataAnnotations;

namespace Parcels;

/// <summary>The id must be given: one of zeros only is what an absent one is read as.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotEmptyAttribute() : ValidationAttribute("The {0} field is required.")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is Guid id && id != Guid.Empty;
}
