using System.ComponentModel;
using System.Globalization;

namespace MartenEventing.Retention;

/// <summary>Lets configuration give ages as texts.</summary>
internal sealed class RetentionAgeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? RetentionAge.Parse(text) : base.ConvertFrom(context, culture, value);
}
