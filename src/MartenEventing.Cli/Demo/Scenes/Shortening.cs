using MartenEventing.Events;

namespace MartenEventing.Cli.Demo.Scenes;

/// <summary>What fits into a column.</summary>
internal static class Shortening
{
    public static string ShortData(this StoredEvent stored, int width) =>
        stored.Data.Length > width ? stored.Data[..(width - 3)] + "..." : stored.Data;
}
