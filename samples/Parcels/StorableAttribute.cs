using System.ComponentModel.DataAnnotations;

namespace Parcels;

/// <summary>PostgreSQL stores any text but one with the character U+0000.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StorableAttribute()
    : ValidationAttribute("The {0} field holds the character U+0000, which cannot be stored.")
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is not string text || !text.Contains('\0');
}
