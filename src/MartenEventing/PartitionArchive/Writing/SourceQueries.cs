using MartenEventing.Schema;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>What is read for an archive: the events chosen, and what belongs to them and their streams.</summary>
internal sealed class SourceQueries
{
    private readonly StoreTables _tables;
    private readonly string _schema;
    private readonly bool _isConjoined;
    private readonly string _from;

    /// <param name="tables">What the store has.</param>
    /// <param name="shape">What kind of store it is.</param>
    /// <param name="relation">The table to read the events from, without schema.</param>
    /// <param name="selection">What is wanted of it.</param>
    public SourceQueries(StoreTables tables, StoreShape shape, string relation, ArchiveSelection selection)
    {
        _tables = tables;
        _schema = SqlText.Quote(shape.SchemaName) + ".";
        _isConjoined = shape.Tenancy == EventTenancy.Conjoined;
        _from = $"FROM {_schema}{SqlText.Quote(relation)} e{Where(selection)}";
    }

    public IEnumerable<SourceTable> All() =>
    [
        Events(), Index(), Streams(),
        .. _tables.Has("mt_stream_bounds") ? new[] { OfStreams("mt_stream_bounds", ArchiveRole.Bounds, "stream_id") }
            : [],
        .. _tables.TagTables.Select(Tags),
        .. _tables.KeyTables.Select(table => OfStreams(
            table, ArchiveRole.NaturalKeys, _tables.Has(table, "stream_id") ? "stream_id" : "stream_key")),
    ];

    /// <summary>FROM, WHERE and GROUP BY: a row for each stream.</summary>
    public string Groups => $"{_from} GROUP BY e.stream_id{(_isConjoined ? ", e.tenant_id" : "")}";

    public SourceTable Events() => SourceTable.Of(
        "mt_events", ArchiveRole.Events, _tables.ColumnsOf("mt_events"), "e", $"{_from} ORDER BY e.seq_id");

    private static SourceTable Derived(string from, params (string Name, string Type, string Sql)[] columns) => new(
        "stream_index", ArchiveRole.Index, [.. columns.Select(c => new ArchiveColumn(c.Name, c.Type))],
        [.. columns.Select(c => $"({c.Sql})::text")], from);

    private string Where(ArchiveSelection selection)
    {
        List<string> conditions = [];
        if (selection.Partition is null && selection.From is { } from)
            conditions.Add($"e.timestamp >= {SqlText.Literal(from)}");
        if (selection.Partition is null && selection.To is { } to)
            conditions.Add($"e.timestamp < {SqlText.Literal(to)}");
        if (selection.Tenant is { } tenant)
            conditions.Add($"e.tenant_id = {SqlText.Literal(tenant)}");
        if (selection.StreamTable is { } streams)
            conditions.Add(_isConjoined
                ? $"(e.tenant_id, e.stream_id) IN (SELECT tenant_id, id FROM {streams})"
                : $"e.stream_id IN (SELECT id FROM {streams})");
        return conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
    }

    private SourceTable Index()
    {
        var tenant = _tables.Has("mt_events", "tenant_id") ? "e.tenant_id" : "NULL::varchar";
        return Derived(
            $"{_from} GROUP BY 1, e.stream_id, {tenant} ORDER BY e.stream_id::text COLLATE \"C\", 1",
            ("tenant_id", "text", tenant + " COLLATE \"C\""), ("stream_id", "text", "e.stream_id"),
            ("events", "bigint", "count(*)"), ("first_sequence", "bigint", "min(e.seq_id)"),
            ("last_sequence", "bigint", "max(e.seq_id)"));
    }

    private SourceTable Streams() => OfStreams("mt_streams", ArchiveRole.Streams, "id");

    private SourceTable OfStreams(string table, ArchiveRole role, string stream)
    {
        var tenant = _isConjoined ? "t.tenant_id, " : "";
        var keys = _isConjoined ? "e.tenant_id, e.stream_id" : "e.stream_id";
        var order = role == ArchiveRole.NaturalKeys ? ", t.natural_key_value::text COLLATE \"C\"" : "";
        return SourceTable.Of(
            table, role, _tables.ColumnsOf(table), "t",
            $"FROM {_schema}{SqlText.Quote(table)} t WHERE ({tenant}t.{stream}) IN (SELECT {keys} {_from}) "
            + $"ORDER BY t.{stream}::text COLLATE \"C\"{(_isConjoined ? ", t.tenant_id COLLATE \"C\"" : "")}{order}");
    }

    private SourceTable Tags(string table) => SourceTable.Of(
        table, ArchiveRole.Tags, _tables.ColumnsOf(table), "t",
        $"FROM {_schema}{SqlText.Quote(table)} t WHERE t.seq_id IN (SELECT e.seq_id {_from}) "
        + "ORDER BY t.seq_id, t.value::text COLLATE \"C\"");
}
