using System.Text;

namespace MartenEventing.Events.Importing;

/// <summary>Events that are stored in one transaction, as the rows that COPY sends.</summary>
internal sealed class ImportBatch(
    long linesBefore, long linesAfter, long bytesRead, ReadOnlyMemory<ImportRow> rows,
    IReadOnlyList<InvalidLine> invalid, CopyBuffer copy, CopyBuffer text) : IDisposable
{
    /// <summary>Lines of the input that come before the batch.</summary>
    public long LinesBefore => linesBefore;

    /// <summary>Lines of the input that are done when the batch is stored.</summary>
    public long LinesAfter => linesAfter;

    public long BytesRead => bytesRead;

    public ReadOnlySpan<ImportRow> Rows => rows.Span;

    public int Count => rows.Length;

    public bool IsEmpty => linesAfter == linesBefore;

    /// <summary>Lines to set aside.</summary>
    public IReadOnlyList<InvalidLine> Invalid => invalid;

    public CopyBuffer Copy => copy;

    public string TextOf(ImportRow row) =>
        Encoding.UTF8.GetString(text.Slice(row.Text.Offset, row.Text.Length).Span);

    /// <summary>The same lines as two batches, for one that the server refuses. They share its bytes.</summary>
    public (ImportBatch First, ImportBatch Second) Halves()
    {
        var middle = rows.Length / 2;
        var line = rows.Span[middle].Line;
        return (
            new ImportBatch(linesBefore, line - 1, bytesRead, rows[..middle], [], copy, text),
            new ImportBatch(line - 1, linesAfter, bytesRead, rows[middle..], [], copy, text));
    }

    /// <summary>The same lines without their only event.</summary>
    public ImportBatch WithoutEvent() => new(linesBefore, linesAfter, bytesRead, default, [], copy, text);

    /// <summary>The lines before its only event.</summary>
    public ImportBatch BeforeEvent() =>
        new(linesBefore, rows.Span[0].Line - 1, bytesRead, default, [], copy, text);

    public void Dispose()
    {
        copy.Dispose();
        text.Dispose();
    }
}
