namespace MartenEventing.PartitionArchive.Format;

/// <summary>Digests and salts as texts.</summary>
internal static class HexDigits
{
    public static bool AreLower(string text, int count) => text.Length == count && text.All(char.IsAsciiHexDigitLower);
}
