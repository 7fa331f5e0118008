using MartenEventing.Schema;
using Weasel.Core;
using Weasel.Postgresql.Tables;

namespace MartenEventing.Marten.Modeling;

/// <summary>What differs in a table that is partitioned already, and in what belongs to it.</summary>
internal sealed class PartitionedEventsDelta(TableDelta table, StoreSetup setup, SetupParts due) : ISchemaObjectDelta
{
    public ISchemaObject SchemaObject => table.Expected;

    public SchemaPatchDifference Difference =>
        due.IsEmpty ? table.Difference : (SchemaPatchDifference)Math.Min(
            (int)table.Difference, (int)SchemaPatchDifference.Update);

    /// <summary>What Weasel names when AutoCreate does not permit the change.</summary>
    public override string ToString() =>
        due.IsEmpty ? $"{SchemaObject.Identifier}" : $"{SchemaObject.Identifier} ({due})";

    public void WriteUpdate(Migrator rules, TextWriter writer)
    {
        if (table.Difference != SchemaPatchDifference.None)
            table.WriteUpdate(rules, writer);
        if (!due.IsEmpty)
            writer.WriteLine(setup.Script(due));
    }

    public void WriteRollback(Migrator rules, TextWriter writer)
    {
        if (table.Difference != SchemaPatchDifference.None)
            table.WriteRollback(rules, writer);
    }

    public void WriteRestorationOfPreviousState(Migrator rules, TextWriter writer) =>
        table.WriteRestorationOfPreviousState(rules, writer);
}
