using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MartenEventing.Retention;

/// <summary>An age by the calendar, in UTC: <c>90d</c>, <c>12w</c>, <c>24mo</c>, <c>5y</c>.</summary>
/// <param name="Count">How many units: 1 to 36,500.</param>
/// <param name="Unit">Of what.</param>
[TypeConverter(typeof(RetentionAgeConverter))]
public readonly partial record struct RetentionAge(int Count, RetentionUnit Unit)
{
    private const int Most = 36_500;

    /// <summary>Reads an age.</summary>
    /// <exception cref="FormatException">The text is none; the message says what is.</exception>
    public static RetentionAge Parse(string text) => TryParse(text, out var age)
        ? age
        : throw new FormatException(
            $"\"{text}\" is no age. An age is a number from 1 to 36500 and a unit: 90d, 12w, 24mo, 5y.");

    /// <summary>Reads an age; false when the text is none.</summary>
    public static bool TryParse(string? text, out RetentionAge age)
    {
        age = default;
        var match = Pattern().Match(text ?? "");
        if (!match.Success
            || !int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is < 1 or > Most)
            return false;
        age = new RetentionAge(count, match.Groups[2].Value switch
        {
            "d" => RetentionUnit.Day,
            "w" => RetentionUnit.Week,
            "mo" => RetentionUnit.Month,
            _ => RetentionUnit.Year,
        });
        return true;
    }

    /// <summary>
    /// The instant that lies this age before another. A day that the month does not have becomes its last; what lies
    /// before the year 1 becomes its beginning.
    /// </summary>
    public DateTimeOffset Before(DateTimeOffset instant)
    {
        try
        {
            var utc = instant.ToUniversalTime();
            return Unit switch
            {
                RetentionUnit.Day => utc.AddDays(-Count),
                RetentionUnit.Week => utc.AddDays(-7 * Count),
                RetentionUnit.Month => utc.AddMonths(-Count),
                _ => utc.AddYears(-Count),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return DateTimeOffset.MinValue;
        }
    }

    /// <summary>As it is parsed.</summary>
    public override string ToString()
    {
        var unit = Unit switch
        {
            RetentionUnit.Day => "d",
            RetentionUnit.Week => "w",
            RetentionUnit.Month => "mo",
            _ => "y",
        };
        return Count.ToString(CultureInfo.InvariantCulture) + unit;
    }

    internal bool IsValid => Count is >= 1 and <= Most && Enum.IsDefined(Unit);

    [GeneratedRegex("^([0-9]{1,5})(d|w|mo|y)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
