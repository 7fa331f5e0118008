using MartenEventing.Diagnostics;
using MartenEventing.PartitionArchive.Reading;
using MartenEventing.PartitionArchive.Writing;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MartenEventing.PartitionArchive.Restoring;

/// <summary>One restore of one archive.</summary>
internal sealed class Restore(
    NpgsqlConnection connection, OpenArchive archive, StoreShape shape, StoreTables store, RestoreOptions options,
    Verification verification, BringBack bringBack, RestoreStage stage, ILogger logger)
{
    private readonly ArchiveManifest _manifest = archive.Manifest;
    private readonly string _schema = SqlText.Quote(shape.SchemaName) + ".";

    public async Task<RestorePlan> PlanAsync(CancellationToken cancellationToken)
    {
        if (options.AsTable is { } name)
            return new RestorePlan(_manifest, name, 0, [await TableSqlAsync(cancellationToken)]);
        var tables = Staged();
        var selection = new ArchiveSelection { From = _manifest.From, To = _manifest.To };
        var queries = new SourceQueries(store, shape, "mt_events", selection);
        var (there, _) = await new ArchiveSource(connection, shape, selection, null, queries).CountAsync(
            cancellationToken);
        return new RestorePlan(_manifest, _manifest.Partition ?? "mt_events", there,
        [
            StageSql(tables), bringBack.ProvisionSql(_manifest),
            bringBack.BringBackSql(_manifest, tables[0].Target, tables[1].Target),
            .. tables.Skip(2).Select(table => bringBack.RowsSql(_manifest, table, shape.Tenancy)),
        ]);
    }

    public async Task<RestoreReport> RunAsync(CancellationToken cancellationToken)
    {
        await using var turn = await RestoreLock.TakeAsync(connection, _manifest, cancellationToken);
        await VerifyAsync(cancellationToken);
        if (options.AsTable is { } name)
            return await BesideAsync(name, cancellationToken);

        var tables = Staged();
        var made = await ShapeAsync(tables, cancellationToken);
        await stage.LoadAsync(
            () => stage.ExecuteAsync(StageSql(tables), cancellationToken), tables, made, cancellationToken);
        await bringBack.ProvideAsync(_manifest, cancellationToken);
        if (await ShapeAsync(tables, cancellationToken) != made)
            throw new ArchiveConflictException(
                _manifest.Name,
                "the store's tables were altered while it was loaded. Restore it once more, and it is loaded anew");
        var report = await bringBack.RunAsync(_manifest, tables, shape.Tenancy, cancellationToken);
        return report with
        {
            Remarks =
            [
                .. report.Remarks,
                .. LeftOut().Select(table => $"{table.Name} does not exist here, its {table.Rows} rows were left out"),
                .. await stage.UnfinishedAsync(cancellationToken),
            ],
        };
    }

    private async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var report = await verification.RunAsync(cancellationToken);
        if (report.Problems.FirstOrDefault(problem => problem.Kind != ArchiveProblemKind.NotErased) is { } problem)
            throw new ArchiveDamagedException(_manifest.Name, problem);
    }

    private IReadOnlyList<StagedTable> Staged()
    {
        Require(_manifest.EventTable);
        var streams = _manifest.Tables.Single(table => table.Role == ArchiveRole.Streams);
        Require(streams);
        var others = Others().Where(table => store.Has(table.Name)).ToList();
        others.ForEach(Require);
        foreach (var table in LeftOut())
            LogMessages.TableLeftOut(logger, _manifest.Name, table.Name, table.Rows);
        return
        [
            StagedTable.Of(_manifest.EventTable, stage.Name, store),
            .. others.Prepend(streams).Select((table, i) => StagedTable.Of(table, $"{stage.Name}_{i + 1}", store)),
        ];
    }

    private IEnumerable<ArchiveTable> Others() =>
        _manifest.Tables.Where(table => table.Role is ArchiveRole.Tags or ArchiveRole.NaturalKeys);

    private IEnumerable<ArchiveTable> LeftOut() =>
        Others().Where(table => !store.Has(table.Name) && table.Rows > 0);

    private void Require(ArchiveTable table)
    {
        var missing = table.Columns.Where(column => !store.Has(table.Name, column.Name)).ToList();
        if (missing.Count > 0)
            throw new ArchiveConflictException(
                _manifest.Name,
                $"{table.Name} has no column {string.Join(", ", missing.Select(column => column.Name))} here");
        if (store.RequiredOf(table.Name).FirstOrDefault(
            name => table.Columns.All(column => column.Name != name)) is { } needed)
            throw new ArchiveConflictException(
                _manifest.Name,
                $"{table.Name} has a column {needed} here that is NOT NULL without a default, and the archive has no "
                    + $"values for it. Give it a default: ALTER TABLE {_schema}{SqlText.Quote(table.Name)} ALTER "
                    + $"COLUMN {SqlText.Quote(needed)} SET DEFAULT ...");
    }

    /// <summary>
    /// A word for what the tables are that the staged ones are made like, and for what each is to hold.
    /// </summary>
    private async Task<string> ShapeAsync(IReadOnlyList<StagedTable> tables, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
             SELECT left(md5(string_agg(concat(s.name, ': ', {_schema}mt_shape(to_regclass(s.name))), '; '
                    ORDER BY s.place)), 12)
               FROM unnest($1) WITH ORDINALITY s (name, place)
             """,
            connection);
        command.Parameters.AddWithValue(tables.Select(table => _schema + SqlText.Quote(table.Source.Name)).ToArray());
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private string StageSql(IReadOnlyList<StagedTable> tables)
    {
        var others = string.Join(", ", tables.Skip(1).Select(table => SqlText.Literal(table.Source.Name)));
        return $"SELECT {_schema}mt_stage_restore('{stage.Name}', {BringBack.Bounds(_manifest)}, ARRAY[{others}])";
    }

    private async Task<RestoreReport> BesideAsync(string name, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(name, cancellationToken))
            throw new ArgumentException(
                $"There is a \"{name}\" in schema \"{shape.SchemaName}\" already.", nameof(name));
        var all = Enumerable.Range(0, _manifest.EventTable.Columns.Count).ToList();
        var create = await TableSqlAsync(cancellationToken);
        await stage.LoadAsync(
            () => stage.ExecuteAsync(create, cancellationToken),
            [new StagedTable(_manifest.EventTable, stage.Name, all)], "beside", cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var table = _schema + SqlText.Quote(stage.Name);
        await stage.ExecuteAsync(
            $"""
             ALTER TABLE {table} ADD PRIMARY KEY (seq_id);
             CREATE INDEX ON {table} (stream_id, version);
             CREATE TRIGGER mt_read_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
                 FOR EACH STATEMENT EXECUTE FUNCTION {_schema}mt_refuse_change();
             ALTER TABLE {table} RENAME TO {SqlText.Quote(name)}
             """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RestoreReport { Archive = _manifest.Name, Target = name, Events = _manifest.Events };
    }

    private async Task<bool> ExistsAsync(string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection);
        command.Parameters.AddWithValue(_schema + SqlText.Quote(name));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A table of the archive's columns. A type that this server does not have becomes text.</summary>
    private async Task<string> TableSqlAsync(CancellationToken cancellationToken)
    {
        var columns = new List<string>();
        foreach (var column in _manifest.EventTable.Columns)
        {
            await using var command = new NpgsqlCommand("SELECT to_regtype($1) IS NOT NULL", connection);
            command.Parameters.AddWithValue(column.Type);
            var isKnown = (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
            columns.Add($"{SqlText.Quote(column.Name)} {(isKnown ? column.Type : "text")}");
        }

        return $"CREATE TABLE {_schema}{SqlText.Quote(stage.Name)} ({string.Join(", ", columns)})";
    }
}
