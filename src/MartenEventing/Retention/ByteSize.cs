using System.Globalization;
using System.Text.RegularExpressions;

namespace MartenEventing.Retention;

/// <summary>
/// Sizes as people write them: <c>500MB</c>, <c>50GB</c>, <c>2TB</c>; a unit is 1,024 of the one before.
/// </summary>
public static partial class ByteSize
{
    private const string Units = "kMGT";

    /// <summary>Reads a size; false when the text is none.</summary>
    public static bool TryParse(string? text, out long bytes)
    {
        bytes = 0;
        var match = Pattern().Match(text ?? "");
        if (!match.Success || !long.TryParse(
            match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var power = match.Groups[2].Length == 0 ? 0 : Units.IndexOf(match.Groups[2].Value[0]) + 1;
        bytes = count << (10 * power);
        return count > 0 && bytes >> (10 * power) == count && bytes > 0;
    }

    [GeneratedRegex("^([0-9]{1,18}) ?([kMGT])?B?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
