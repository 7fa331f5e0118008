using System.Globalization;
using MartenEventing.Diagnostics;
using MartenEventing.PartitionArchive.Reading;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MartenEventing.PartitionArchive.Restoring;

/// <summary>
/// The tables that an archive is loaded into, file by file, each in a transaction of its own. How many files are in is
/// told by the comment of the first table, which changes with the rows: broken off at any moment, loading goes on.
/// Where the tables were made for is told by it, too: if those have been altered since, loading begins anew.
/// </summary>
internal sealed class RestoreStage(
    NpgsqlConnection connection, string schemaName, OpenArchive archive, RestoreOptions options, ILogger logger)
{
    private readonly string _schema = SqlText.Quote(schemaName) + ".";

    /// <summary>Called after every transaction, with what it has done; for tests.</summary>
    public Func<string, StepMoment, Task>? Observer { get; init; }

    /// <summary>The name of the first table, which is that of no other archive.</summary>
    public string Name { get; } = $"mt_restoring_{archive.Manifest.Id.ToString("N")[^12..]}";

    private string Mark => $"partition archive {archive.Manifest.Id} revision {archive.Manifest.Revision} files ";

    /// <summary>Loads what is not loaded yet.</summary>
    /// <param name="create">Makes the tables, in a transaction that is running.</param>
    /// <param name="tables">All tables, the first being <see cref="Name"/>.</param>
    /// <param name="shape">A word for what the tables are made for; another one now and then begins anew.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task LoadAsync(
        Func<Task> create, IReadOnlyList<StagedTable> tables, string shape, CancellationToken cancellationToken)
    {
        var done = await DoneAsync(shape, cancellationToken);
        if (done is null)
        {
            await CreateAsync(create, shape, cancellationToken);
            done = 0;
        }
        else
        {
            LogMessages.RestoreGoesOn(logger, archive.Manifest.Name, done.Value);
        }

        var files = tables.SelectMany(table => table.Source.Files.Select(file => (table, file))).ToList();
        for (var i = done.Value; i < files.Count; i++)
        {
            await LoadAsync(files[i].table, files[i].file, Note(i + 1, shape), cancellationToken);
            options.Progress?.Report(new ArchiveProgress(
                archive.Manifest.Name,
                files.Take(i + 1).Where(item => item.table == tables[0]).Sum(item => item.file.Rows),
                files.Take(i + 1).Sum(item => item.file.Bytes)));
        }
    }

    /// <summary>What restores of other archives have left behind that were broken off, a remark for each.</summary>
    public async Task<IReadOnlyList<string>> UnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT c.relname || ' is left of an unfinished restore, '
                   || regexp_replace(obj_description(c.oid, 'pg_class'), ' shape .*$', '')
                       || ': restore that archive once more, or SELECT mt_give_up_restores()'
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'r' AND c.relname ~ '^mt_restoring_[0-9a-f]{12}$' AND c.relname <> $1 AND n.nspname = $2
             ORDER BY c.relname
            """,
            connection);
        command.Parameters.AddWithValue(Name);
        command.Parameters.AddWithValue(schemaName);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var remarks = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            remarks.Add(reader.GetString(0));
        return remarks;
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task CreateAsync(Func<Task> create, string shape, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var table in await LeftAsync(cancellationToken))
            await ExecuteAsync($"DROP TABLE {_schema}{SqlText.Quote(table)}", cancellationToken);
        await create();
        await ExecuteAsync(Note(0, shape), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await ObserveAsync("stage");
    }

    /// <summary>The tables of this archive that are there, of whatever shape.</summary>
    private async Task<List<string>> LeftAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'r' AND n.nspname = $1 AND c.relname ~ ('^' || $2 || '(_[0-9]+)?$')
            """,
            connection);
        command.Parameters.AddWithValue(schemaName);
        command.Parameters.AddWithValue(Name);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>
    /// How many files are in; null where there is nothing, or something of another revision or shape.
    /// </summary>
    private async Task<int?> DoneAsync(string shape, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT obj_description(to_regclass($1), 'pg_class')", connection);
        command.Parameters.AddWithValue(_schema + SqlText.Quote(Name));
        if (await command.ExecuteScalarAsync(cancellationToken) is not string comment)
            return null;
        if (comment.StartsWith(Mark, StringComparison.Ordinal)
            && comment[Mark.Length..].Split(" shape ") is [var files, var of] && of == shape)
            return int.Parse(files, CultureInfo.InvariantCulture);
        LogMessages.RestoreBeginsAnew(logger, archive.Manifest.Name);
        return null;
    }

    private string Note(int files, string shape) => string.Create(
        CultureInfo.InvariantCulture,
        $"COMMENT ON TABLE {_schema}{SqlText.Quote(Name)} IS '{Mark}{files} shape {shape}'");

    private async Task LoadAsync(StagedTable table, ArchiveFile file, string note, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, MDY'", cancellationToken);
        var columns = string.Join(", ", table.ColumnNames.Select(SqlText.Quote));
        var text = new CopyText(table.Source.Columns, table.Wanted);
        try
        {
            await using var copy = await connection.BeginTextImportAsync(
                $"COPY {_schema}{SqlText.Quote(table.Target)} ({columns}) FROM STDIN", cancellationToken);
            copy.BaseStream.WithoutTimeout();
            for (var chunk = 0; chunk < file.Chunks.Count; chunk++)
                await copy.BaseStream.WriteAsync(
                    text.Rows(await archive.ReadAsync(file, chunk, cancellationToken)), cancellationToken);
        }
        catch (PostgresException error) when (IsOfData(error))
        {
            throw archive.Refused(
                file, $"the database does not take its rows: {error.MessageText} (SQLSTATE {error.SqlState})");
        }

        await ExecuteAsync(note, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await ObserveAsync("load");
    }

    /// <summary>Values that their types do not allow (class 22), and rows that constraints do not (class 23).</summary>
    private static bool IsOfData(PostgresException error) =>
        error.SqlState.StartsWith("22", StringComparison.Ordinal)
            || error.SqlState.StartsWith("23", StringComparison.Ordinal);

    private Task ObserveAsync(string step) =>
        Observer?.Invoke(step, StepMoment.Committed) ?? Task.CompletedTask;
}
