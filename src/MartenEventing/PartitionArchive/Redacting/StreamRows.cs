using System.Text;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Redacting;

/// <summary>Tells of the rows of a table which are those of a stream.</summary>
internal sealed class StreamRows
{
    private readonly LineFields _fields;
    private readonly ArchiveRole _role;
    private readonly HashSet<long> _sequences;
    private readonly byte[] _stream;
    private readonly byte[]? _tenant;
    private readonly int _streamColumn;
    private readonly int _tenantColumn;
    private readonly int _sequenceColumn;
    private readonly int _timeColumn;

    /// <param name="table">The table.</param>
    /// <param name="request">The stream.</param>
    /// <param name="sequences">The sequences of its events; those of the table of events are added.</param>
    public StreamRows(ArchiveTable table, RedactionRequest request, HashSet<long> sequences)
    {
        var names = table.Columns.Select(column => column.Name).ToList();
        _fields = new LineFields(table.Columns);
        _role = table.Role;
        _sequences = sequences;
        _stream = Encoding.UTF8.GetBytes(request.Stream);
        _tenant = request.Tenant is null ? null : Encoding.UTF8.GetBytes(request.Tenant);
        _streamColumn = names.FindIndex(name => name is "stream_id" or "stream_key");
        if (_role == ArchiveRole.Streams)
            _streamColumn = names.IndexOf("id");
        (_tenantColumn, _sequenceColumn) = (names.IndexOf("tenant_id"), names.IndexOf("seq_id"));
        _timeColumn = names.IndexOf("timestamp");
    }

    /// <summary>The sequence of the event that was read last.</summary>
    public long? Sequence => _role == ArchiveRole.Events ? Number() : null;

    /// <summary>Its time.</summary>
    public long? Time => _role == ArchiveRole.Events ? PostgresTimestamp.Parse(_fields.Text(_timeColumn)) : null;

    public bool IsOne(ReadOnlyMemory<byte> line)
    {
        _fields.Read(line);
        if (_role == ArchiveRole.Tags)
            return _sequences.Contains(Number());
        var isOne = !_fields.IsNull(_streamColumn) && _fields.Text(_streamColumn).SequenceEqual(_stream)
            && (_tenant is null || _tenantColumn < 0 || _fields.Text(_tenantColumn).SequenceEqual(_tenant));
        if (isOne && _role == ArchiveRole.Events)
            _sequences.Add(Number());
        return isOne;
    }

    private long Number() => WholeNumber.Parse(_fields.Text(_sequenceColumn), "sequence");
}
