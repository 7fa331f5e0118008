using System.Globalization;

namespace MartenEventing.Cli.Output;

/// <summary>Bytes for people.</summary>
internal static class Size
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB"];

    public static string Of(long bytes)
    {
        double value = bytes;
        var unit = 0;
        for (; value >= 10_000 && unit < Units.Length - 1; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:N0} {Units[unit]}");
    }
}
