using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Reading;

/// <summary>Checks that the lines of a table are what the manifest says of them.</summary>
internal sealed class TableCheck(ArchiveTable table, ArchiveManifest manifest)
{
    private readonly EventFields? _events = table.Role == ArchiveRole.Events ? new EventFields(table) : null;
    private readonly LineFields _fields = new(table.Columns);
    private readonly MerkleTree _tree = new();
    private long _rows;
    private long _indexed;
    private long _last = long.MinValue;

    /// <exception cref="FormatException">They are not.</exception>
    public void Take(ArchiveChunk chunk, ReadOnlyMemory<byte> content)
    {
        _tree.Add(Convert.FromHexString(chunk.ContentSha256));
        var before = _rows;
        var (first, earliest, latest) = (long.MaxValue, long.MaxValue, long.MinValue);
        foreach (var line in Lines.Of(content))
        {
            _rows++;
            if (_events is null)
            {
                TakeOther(line);
                continue;
            }

            _events.Read(line);
            if (_events.Sequence < _last)
                throw new FormatException($"Event {_events.Sequence} follows event {_last}.");
            _last = _events.Sequence;
            first = Math.Min(first, _last);
            (earliest, latest) = (Math.Min(earliest, _events.Time), Math.Max(latest, _events.Time));
        }

        if (_rows - before != chunk.Rows)
            throw new FormatException($"There are {_rows - before} lines, and the manifest tells of {chunk.Rows}.");
        if (_events is not null && (first, _last, earliest, latest)
            != (chunk.FirstSequence, chunk.LastSequence, chunk.Earliest, chunk.Latest))
            throw new FormatException("The events are of another range than the manifest tells.");
    }

    /// <summary>What does not fit, when all chunks were taken; null when all fits.</summary>
    public string? Contradiction() =>
        _rows != table.Rows ? $"{table.Name} has {_rows} rows, not {table.Rows}"
        : _tree.Root() != table.Root ? $"the root of {table.Name} is another one"
        : table.Role == ArchiveRole.Index && _indexed != manifest.Events
            ? $"the index tells of {_indexed} events, not of {manifest.Events}"
        : null;

    private void TakeOther(ReadOnlyMemory<byte> line)
    {
        _fields.Read(line);
        if (table.Role == ArchiveRole.Index)
            _indexed += StreamIndex.Number(_fields, StreamIndex.Events);
    }
}
