using System.Buffers.Text;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Reading;

/// <summary>The columns of an archive's index of streams.</summary>
internal static class StreamIndex
{
    public const int Tenant = 0;
    public const int Stream = 1;
    public const int Events = 2;
    public const int FirstSequence = 3;
    public const int LastSequence = 4;

    /// <exception cref="FormatException">There is no number.</exception>
    public static long Number(LineFields fields, int column) =>
        Utf8Parser.TryParse(fields.Text(column), out long value, out _)
            ? value
            : throw new FormatException("A line of the index lacks a number.");
}
