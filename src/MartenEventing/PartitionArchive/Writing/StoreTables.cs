using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>The tables of a store with their columns, as the catalogs have them.</summary>
internal sealed class StoreTables
{
    private const string Query =
        """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '',
               (a.attnotnull OR t.typnotnull) AND NOT a.atthasdef AND a.attidentity = '' AND t.typdefault IS NULL
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
          JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
         WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND (c.relname IN ('mt_events', 'mt_streams', 'mt_stream_bounds')
                OR starts_with(c.relname, 'mt_event_tag_') OR starts_with(c.relname, 'mt_natural_key_'))
         ORDER BY c.relname COLLATE "C", a.attnum
        """;

    private readonly Dictionary<string, List<ArchiveColumn>> _columns;
    private readonly ILookup<string, string> _required;

    private StoreTables(Dictionary<string, List<ArchiveColumn>> columns, List<(string Table, string Column)> required)
    {
        _columns = columns;
        _required = required.ToLookup(item => item.Table, item => item.Column, StringComparer.Ordinal);
    }

    public IReadOnlyList<string> TagTables => Named("mt_event_tag_", "seq_id");

    public IReadOnlyList<string> KeyTables =>
        [.. Named("mt_natural_key_", "stream_id"), .. Named("mt_natural_key_", "stream_key")];

    public static async Task<StoreTables> ReadAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection);
        command.Parameters.AddWithValue(schema);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new Dictionary<string, List<ArchiveColumn>>(StringComparer.Ordinal);
        var required = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!columns.TryGetValue(reader.GetString(0), out var table))
                columns.Add(reader.GetString(0), table = []);
            table.Add(new ArchiveColumn(reader.GetString(1), reader.GetString(2), reader.GetBoolean(3)));
            if (reader.GetBoolean(4))
                required.Add((reader.GetString(0), reader.GetString(1)));
        }

        return new StoreTables(columns, required);
    }

    public bool Has(string table) => _columns.ContainsKey(table);

    public bool Has(string table, string column) =>
        _columns.TryGetValue(table, out var columns) && columns.Exists(c => c.Name == column);

    /// <summary>The columns that a row must be given a value for.</summary>
    public IEnumerable<string> RequiredOf(string table) => _required[table];

    public IReadOnlyList<ArchiveColumn> ColumnsOf(string table) => _columns.GetValueOrDefault(table) ?? [];

    private IReadOnlyList<string> Named(string prefix, string column) =>
        [.. _columns.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && Has(name, column))
            .Order(StringComparer.Ordinal)];
}
