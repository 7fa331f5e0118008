using System.Buffers.Text;

namespace MartenEventing.PartitionArchive.Format;

/// <summary>Whole numbers as lines have them.</summary>
internal static class WholeNumber
{
    /// <exception cref="FormatException">There is none.</exception>
    public static long Parse(ReadOnlySpan<byte> text, string what) =>
        Utf8Parser.TryParse(text, out long value, out var used) && used == text.Length
            ? value
            : throw new FormatException($"A line has no {what}.");
}
