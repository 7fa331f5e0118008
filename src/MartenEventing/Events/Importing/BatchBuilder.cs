using System.Text;

namespace MartenEventing.Events.Importing;

/// <summary>Turns lines into batches, behind those that are done.</summary>
internal sealed class BatchBuilder(int batchSize, ImportState done, string tenant)
{
    /// <summary>
    /// Columns in the order of a row's fields. The first two are not known before the batch is stored.
    /// </summary>
    public const string Columns =
        "seq_id, version, id, stream_id, data, type, timestamp, tenant_id, correlation_id, causation_id, user_name, "
        + "headers";

    /// <summary>Where a row has its sequence number.</summary>
    public const int SequenceOffset = sizeof(short) + sizeof(int);

    /// <summary>Where a row has its version.</summary>
    public const int VersionOffset = SequenceOffset + sizeof(long) + sizeof(int);

    private const short FieldCount = 12;
    private const int LargestText = 1 << 25;
    private const int FirstSize = 1 << 16;

    private readonly byte[] _tenant = Encoding.UTF8.GetBytes(tenant);
    private readonly List<ImportRow> _rows = [];
    private readonly List<InvalidLine> _invalid = [];
    private readonly EventIds _ids = new();
    private CopyBuffer _copy = new(FirstSize);
    private CopyBuffer _text = new(FirstSize);

    public bool IsFull => _rows.Count >= batchSize || _invalid.Count >= batchSize || _text.Length >= LargestText;

    /// <summary>Lines of the input before the next batch.</summary>
    public long LinesBefore { get; private set; } = done.Lines;

    public void Add(long number, string reason, ReadOnlySpan<byte> text) =>
        _invalid.Add(new InvalidLine(number, reason, Encoding.UTF8.GetString(text)));

    public void Add(long number, in ImportLine line, ReadOnlySpan<byte> text)
    {
        if (done.Holds(number, line.Stream))
            return;
        var start = _copy.Length;
        WriteRow(line);
        _rows.Add(new ImportRow(
            number, line.Stream, line.Time, (start, _copy.Length - start), (_text.Length, text.Length)));
        _text.Append(text);
    }

    /// <summary>The lines since the last batch as one; then begins the next.</summary>
    public ImportBatch Take(long linesRead, long bytesRead)
    {
        var batch = new ImportBatch(
            LinesBefore, linesRead, bytesRead, _rows.ToArray(), _invalid.ToArray(), _copy, _text);
        (_copy, _text) = (new CopyBuffer(_copy.Length + FirstSize), new CopyBuffer(_text.Length + FirstSize));
        _rows.Clear();
        _invalid.Clear();
        LinesBefore = linesRead;
        return batch;
    }

    private void WriteRow(in ImportLine line)
    {
        _copy.AppendInt16(FieldCount);
        _copy.Field(0);
        _copy.Field(0);
        _copy.Field(line.Has(ImportFields.Id) ? line.Id : _ids.Next());
        if (line.Stream.Name is { } name)
            _copy.Field(Encoding.UTF8.GetBytes(name));
        else
            _copy.Field(line.Stream.Guid);
        _copy.FieldJson(line.Data);
        _copy.Field(line.Type);
        _copy.Field(line.Time);
        _copy.Field(_tenant);
        WriteOptional(line, ImportFields.CorrelationId, line.CorrelationId);
        WriteOptional(line, ImportFields.CausationId, line.CausationId);
        WriteOptional(line, ImportFields.UserName, line.UserName);
        if (!line.StreamName.IsEmpty)
            StreamNameHeader.Write(_copy, line.Headers, line.StreamName);
        else if (line.Has(ImportFields.Headers))
            _copy.FieldJson(line.Headers);
        else
            _copy.FieldNull();
    }

    private void WriteOptional(in ImportLine line, ImportFields field, ReadOnlySpan<byte> text)
    {
        if (line.Has(field))
            _copy.Field(text);
        else
            _copy.FieldNull();
    }
}
