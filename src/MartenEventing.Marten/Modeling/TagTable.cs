using System.Data.Common;
using Weasel.Core;
using Weasel.Postgresql.Tables;

namespace MartenEventing.Marten.Modeling;

/// <summary>
/// A table of tags on events, without the foreign key to <c>mt_events(seq_id)</c> that no partitioned table can offer.
/// The key of a store that is still plain is left where it is.
/// </summary>
internal sealed class TagTable : Table
{
    private readonly Table _marten;

    public TagTable(Table marten) : base(marten.Identifier)
    {
        _marten = marten;
        foreach (var column in marten.Columns)
            AddColumn(column);
        foreach (var name in marten.PrimaryKeyColumns)
            ModifyColumn(name).AsPrimaryKey();
        PrimaryKeyName = marten.PrimaryKeyName;
        foreach (var index in marten.Indexes)
            Indexes.Add(index);
    }

    public static bool IsTagTable(Table table) =>
        table.Identifier.Name.StartsWith("mt_event_tag_", StringComparison.Ordinal) && RefersToEvents(table);

    public override async Task<ISchemaObjectDelta> CreateDeltaAsync(
        DbDataReader reader, CancellationToken ct = default)
    {
        var delta = (TableDelta)await base.CreateDeltaAsync(reader, ct);
        return delta.Actual is { } actual && RefersToEvents(actual) ? new TableDelta(_marten, actual) : delta;
    }

    private static bool RefersToEvents(Table table) =>
        table.ForeignKeys.Any(key => key.LinkedTable?.Name == "mt_events");
}
