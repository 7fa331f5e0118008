namespace MartenEventing.PartitionArchive.Format;

/// <summary>Cuts the content of a chunk into lines.</summary>
internal static class Lines
{
    /// <summary>Each line without its line feed.</summary>
    /// <exception cref="FormatException">The last line does not end.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(ReadOnlyMemory<byte> content)
    {
        while (!content.IsEmpty)
        {
            var end = content.Span.IndexOf((byte)'\n');
            if (end < 0)
                throw new FormatException("The last line has no end.");
            yield return content[..end];
            content = content[(end + 1)..];
        }
    }
}
