using System.Globalization;

namespace MartenEventing.Politeness;

/// <summary>How long something is waited for, as the server is told: 0 means for ever there.</summary>
internal static class Waits
{
    public static string InMilliseconds(TimeSpan? patience) => patience is { } limit
        ? Math.Clamp((long)limit.TotalMilliseconds, 1, int.MaxValue).ToString(CultureInfo.InvariantCulture)
        : "0";
}
