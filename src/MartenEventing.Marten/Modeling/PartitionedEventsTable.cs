using System.Data.Common;
using MartenEventing.Schema;
using Weasel.Core;
using Weasel.Postgresql.Tables;
using DbCommandBuilder = Weasel.Core.DbCommandBuilder;

namespace MartenEventing.Marten.Modeling;

/// <summary>
/// <c>mt_events</c> as RANGE partitions on the timestamp, with all that belongs to it: functions, guard, block range
/// index, partitions and views. Its unique index on stream and version lies on each partition, and the guard stands for
/// its foreign key.
/// </summary>
internal sealed class PartitionedEventsTable : Table
{
    private const string StreamVersionIndex = "pk_mt_events_stream_and_version";

    private readonly Table _plain;
    private readonly StoreSetup _setup;
    private readonly PlainStorePolicy _whenPlain;
    private readonly TimePartitioning _partitioning;

    public PartitionedEventsTable(Table plain, StoreSetup setup, PlainStorePolicy whenPlain) : base(plain.Identifier)
    {
        _plain = plain;
        _setup = setup;
        _whenPlain = whenPlain;
        foreach (var column in plain.Columns)
            AddColumn(column);
        _partitioning = new TimePartitioning(setup.ByTenant);
        foreach (var name in plain.PrimaryKeyColumns.Append(TimePartitioning.Column).Concat(_partitioning.Columns)
            .Distinct())
            ModifyColumn(name).AsPrimaryKey();
        foreach (var index in plain.Indexes.Where(index => index.Name != StreamVersionIndex))
            Indexes.Add(index);
        IgnoredIndexes.UnionWith(plain.IgnoredIndexes);
        IgnoredIndexes.UnionWith(StoreSetup.Indexes);
        Partitioning = _partitioning;
        IgnorePartitionsInMigration = true;
    }

    public override void WriteCreateStatement(Migrator migrator, TextWriter writer)
    {
        base.WriteCreateStatement(migrator, writer);
        writer.WriteLine(_setup.Script(_setup.Everything));
    }

    public override void ConfigureQueryCommand(DbCommandBuilder builder)
    {
        AppendTableQuery(builder);
        var schema = builder.AddParameter(Identifier.Schema).ParameterName;
        var names = builder.AddParameter(_setup.ObjectNames.ToArray()).ParameterName;
        builder.Append("\n" + StoreState.Query($":{schema}", $":{names}"));
    }

    public override async Task<ISchemaObjectDelta> CreateDeltaAsync(
        DbDataReader reader, CancellationToken ct = default)
    {
        var delta = (TableDelta)await base.CreateDeltaAsync(reader, ct);
        await reader.NextResultAsync(ct);
        var state = await StoreState.ReadAsync(reader, ct);
        if (delta.Actual is not { } actual)
            return delta;
        if (actual.Partitioning is null)
            return _whenPlain == PlainStorePolicy.RunPlain
                ? new TableDelta(_plain, actual)
                : throw new PlainEventStoreException(Identifier.Schema);
        if (!_partitioning.IsOf(actual.Partitioning))
            throw new IncompatibleEventsException(
                $"The table {Identifier}",
                $"it is partitioned otherwise than by {(_setup.ByTenant ? "LIST (tenant_id)" : "RANGE (timestamp)")}.",
                "Move its events into a plain table first; that can be converted.");
        if (delta.Difference == SchemaPatchDifference.Invalid)
            throw new IncompatibleEventsException(
                $"The table {Identifier}",
                "its columns differ from the model in a way that only a rebuild could change.",
                "Alter them by hand to what `db-patch` of a new database shows.");
        return new PartitionedEventsDelta(delta, _setup, _setup.FindDue(state));
    }

    /// <summary>
    /// Weasel's own query. Its parser of index definitions does not know the ONLY that those of a partitioned table
    /// carry, and fails where the name of the schema has "using" in it.
    /// </summary>
    private void AppendTableQuery(DbCommandBuilder builder)
    {
        var (command, before) = (builder.Command, builder.Command.CommandText);
        command.CommandText = string.Empty;
        var query = new DbCommandBuilder(command);
        base.ConfigureQueryCommand(query);
        builder.Append(query.Compile().CommandText.Replace(
            "pg_get_indexdef(i.oid)", "replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON ')",
            StringComparison.Ordinal));
        command.CommandText = before;
    }
}
