using System.Text;
using MartenEventing.PartitionArchive.Format;

namespace MartenEventing.PartitionArchive.Reading;

/// <summary>What is asked of an event's line.</summary>
internal sealed class EventFields
{
    private readonly LineFields _fields;
    private readonly int _sequence;
    private readonly int _stream;
    private readonly int _tenant;
    private readonly int _version;
    private readonly int _type;
    private readonly int _time;
    private ReadOnlyMemory<byte> _line;

    public EventFields(ArchiveTable events)
    {
        _fields = new LineFields(events.Columns);
        var names = events.Columns.Select(column => column.Name).ToList();
        (_sequence, _stream, _tenant) =
            (names.IndexOf("seq_id"), names.IndexOf("stream_id"), names.IndexOf("tenant_id"));
        (_version, _type, _time) = (names.IndexOf("version"), names.IndexOf("type"), names.IndexOf("timestamp"));
    }

    public long Sequence { get; private set; }

    public long Time { get; private set; }

    public long Version { get; private set; }

    /// <exception cref="FormatException">It is no line of an event.</exception>
    public void Read(ReadOnlyMemory<byte> line)
    {
        _line = line;
        _fields.Read(line);
        Sequence = WholeNumber.Parse(_fields.Text(_sequence), "sequence");
        Version = WholeNumber.Parse(_fields.Text(_version), "version");
        Time = PostgresTimestamp.Parse(_fields.Text(_time));
        if (_fields.IsNull(_type))
            throw new FormatException("A line has no type.");
    }

    public bool IsOf(ReadOnlySpan<byte> stream, ReadOnlySpan<byte> tenant, bool anyTenant) =>
        !_fields.IsNull(_stream) && _fields.Text(_stream).SequenceEqual(stream)
        && (anyTenant || _tenant < 0 || _fields.Text(_tenant).SequenceEqual(tenant));

    public bool HasTenant(ReadOnlySpan<byte> tenant) => _tenant >= 0 && _fields.Text(_tenant).SequenceEqual(tenant);

    public bool HasType(IReadOnlySet<string> types) => types.Contains(_fields.TextOf(_type)!);

    /// <exception cref="FormatException">A value is no text.</exception>
    public ArchivedEvent ToEvent(string archive) => new()
    {
        Archive = archive,
        Sequence = Sequence,
        Stream = _fields.TextOf(_stream),
        Tenant = _tenant < 0 ? null : _fields.TextOf(_tenant),
        Version = Version,
        Type = _fields.TextOf(_type)!,
        Timestamp = _fields.TextOf(_time)!,
        Line = Encoding.UTF8.GetString(_line.Span),
    };
}
