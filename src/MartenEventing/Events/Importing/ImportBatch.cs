using System.Text;

namespace MartenEventing.Events.Importing;

/// <summary>Consecutive lines that are stored together, their events as the rows that COPY sends.</summary>
internal sealed class ImportBatch(
    long linesBefore, long linesAfter, long bytesRead, ReadOnlyMemory<ImportRow> rows,
    IReadOnlyList<InvalidLine> invalid, CopyBuffer copy, CopyBuffer text) : IDisposable
{
    /// <summary>Lines of the input that come before the batch.</summary>
    public long LinesBefore => linesBefore;

    /// <summary>Lines of the input that are done when the batch is stored.</summary>
    public long LinesAfter => linesAfter;

    /// <summary>Bytes of the input that hold these lines and those before.</summary>
    public long BytesRead => bytesRead;

    public ReadOnlySpan<ImportRow> Rows => rows.Span;

    public int Count => rows.Length;

    public bool IsEmpty => linesAfter == linesBefore;

    /// <summary>Lines to set aside.</summary>
    public IReadOnlyList<InvalidLine> Invalid => invalid;

    public CopyBuffer Copy => copy;

    public string TextOf(ImportRow row) =>
        Encoding.UTF8.GetString(text.Slice(row.Text.Offset, row.Text.Length).Span);

    /// <summary>Gives the events these sequence numbers, in the order of the lines.</summary>
    public void Number(long[] sequences)
    {
        for (var i = 0; i < rows.Length; i++)
            copy.WriteInt64At(rows.Span[i].Copy.Offset + BatchBuilder.SequenceOffset, sequences[i]);
    }

    /// <summary>The same lines with the events that are chosen. The bytes are shared.</summary>
    public ImportBatch Where(Func<ImportRow, bool> chosen) =>
        Part(linesBefore, linesAfter, rows.ToArray().Where(chosen).ToArray());

    /// <summary>The same lines as two batches, for one that the server refuses.</summary>
    public (ImportBatch First, ImportBatch Second) Halves()
    {
        var middle = rows.Length / 2;
        var line = rows.Span[middle].Line;
        return (Part(linesBefore, line - 1, rows[..middle]), Part(line - 1, linesAfter, rows[middle..]));
    }

    /// <summary>The same lines without their only event.</summary>
    public ImportBatch WithoutEvent() => Part(linesBefore, linesAfter, default);

    /// <summary>The lines before its only event.</summary>
    public ImportBatch BeforeEvent() => Part(linesBefore, rows.Span[0].Line - 1, default);

    public void Dispose()
    {
        copy.Dispose();
        text.Dispose();
    }

    private ImportBatch Part(long before, long after, ReadOnlyMemory<ImportRow> part) =>
        new(before, after, bytesRead, part, [], copy, text);
}
