using System.Runtime.CompilerServices;
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
            {
                var content = await archive.ReadAsync(file, chunk, cancellationToken);
                foreach (var stream in archive.Told(file, chunk, content, Read))
                    yield return stream;
            }

        IndexedStream? Read(ReadOnlyMemory<byte> line)
        {
            fields.Read(line);
            return fields.IsNull(Stream) ? null : new IndexedStream(
                fields.TextOf(Tenant), fields.TextOf(Stream)!, Number(fields, FirstSequence),
                Number(fields, LastSequence));
        }
    }

    /// <exception cref="FormatException">There is no number.</exception>
    public static long Number(LineFields fields, int column) =>
        WholeNumber.Parse(fields.Text(column), column == Events ? "number of events" : "sequence");
}
