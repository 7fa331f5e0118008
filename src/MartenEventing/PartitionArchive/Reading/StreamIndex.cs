using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;
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

    /// <summary>All streams of an archive.</summary>
    public static async IAsyncEnumerable<IndexedStream> ReadAsync(
        OpenArchive archive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var index = archive.Manifest.Tables.Single(table => table.Role == ArchiveRole.Index);
        var fields = new LineFields(index.Columns);
        foreach (var file in index.Files)
            for (var chunk = 0; chunk < file.Chunks.Count; chunk++)
                foreach (var line in Lines.Of(await archive.ReadAsync(file, chunk, cancellationToken)))
                {
                    fields.Read(line);
                    if (!fields.IsNull(Stream))
                        yield return new IndexedStream(
                            fields.IsNull(Tenant) ? null : Encoding.UTF8.GetString(fields.Text(Tenant)),
                            Encoding.UTF8.GetString(fields.Text(Stream)), Number(fields, FirstSequence));
                }
    }

    /// <exception cref="FormatException">There is no number.</exception>
    public static long Number(LineFields fields, int column) =>
        Utf8Parser.TryParse(fields.Text(column), out long value, out _)
            ? value
            : throw new FormatException("A line of the index lacks a number.");
}
