using System.Text.RegularExpressions;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>Names of archives and of their files: none that leads anywhere else, whatever the storage.</summary>
internal static partial class PlainName
{
    public static bool IsOne(string name) => Allowed().IsMatch(name);

    /// <summary>Whether it may be the name of a file with rows.</summary>
    public static bool IsOfRows(string name) =>
        IsOne(name) && !name.Equals(ManifestText.FileName, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}\z")]
    private static partial Regex Allowed();
}
