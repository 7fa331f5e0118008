using MartenEventing.Diagnostics;
using MartenEventing.PartitionArchive.Format;
using MartenEventing.PartitionArchive.Writing;
using MartenEventing.Partitioning;
using MartenEventing.Politeness;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.PartitionArchive;

/// <summary>
/// Writes partition archives: the events of a partition or of a range of time as of one moment, and what is needed to
/// bring their streams back. Changes nothing in the events; holds up nobody but who would drop the partition meanwhile.
/// </summary>
public sealed class PartitionArchiveWriter
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly string _schemaName;
    private readonly IArchiveStorage _storage;
    private readonly ArchiveOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Prepares; nothing is read yet.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="schemaName">The schema of the store.</param>
    /// <param name="storage">Where the archives go.</param>
    /// <param name="options">Default: those of <see cref="ArchiveOptions"/>.</param>
    /// <param name="time">Tells when an archive was made. Default: the system's clock.</param>
    /// <param name="logger">Default: none.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PartitionArchiveWriter(
        NpgsqlDataSource dataSource,
        string schemaName,
        IArchiveStorage storage,
        ArchiveOptions? options = null,
        TimeProvider? time = null,
        ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrEmpty(schemaName);
        ArgumentNullException.ThrowIfNull(storage);
        _dataSource = dataSource;
        _schemaName = schemaName;
        _storage = storage;
        _options = (options ?? new ArchiveOptions()).Validated();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>
    /// Writes an archive, its manifest last: broken off at any moment, there is none. Then notes it in the database
    /// (<c>mt_partition_archives</c>).
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The selection names no partition of the store, or is not to be understood.
    /// </exception>
    /// <exception cref="ArchiveTooLargeException">A row or the manifest is larger than any that is read.</exception>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    public async Task<ArchiveManifest> CreateAsync(
        ArchiveSelection selection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        await using var pinned = await PinnedConnection.OpenAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        ArchiveManifest manifest;
        await using (await SourceSnapshot.BeginAsync(connection, cancellationToken))
            manifest = await CreateAsync(connection, selection, cancellationToken);
        await new ArchiveRegister(connection, _schemaName).NoteAsync(manifest, _storage.Location, cancellationToken);
        return manifest;
    }

    /// <summary>Tells what would be archived. Writes nothing.</summary>
    /// <exception cref="ArgumentException">The selection names no partition of the store.</exception>
    /// <exception cref="StoreNotPartitionedException">The store is plain.</exception>
    public async Task<ArchivePlan> PlanAsync(ArchiveSelection selection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        await using var pinned = await PinnedConnection.OpenAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        await using var transaction = await SourceSnapshot.BeginAsync(connection, cancellationToken);
        var source = await ArchiveSource.FindAsync(connection, _schemaName, selection, cancellationToken);
        var (events, streams) = await source.CountAsync(cancellationToken);
        return new ArchivePlan(
            source.Name, source.Partition?.Name, source.From, source.To, events, streams,
            [.. source.Queries.All().Select(table => table.Sql)]);
    }

    /// <summary>
    /// Writes an archive of what a transaction that has begun sees, which prints values for archives.
    /// </summary>
    internal async Task<ArchiveManifest> CreateAsync(
        NpgsqlConnection connection, ArchiveSelection selection, CancellationToken cancellationToken)
    {
        using var activity = EventingDiagnostics.Activities.StartActivity("partition archive create");
        var started = _time.GetTimestamp();
        var source = await ArchiveSource.FindAsync(connection, _schemaName, selection, cancellationToken);
        var names = new ArchiveNames(_storage);
        var name = await names.FreeAsync(source.Name, selection.Name is not null, cancellationToken);
        activity?.SetTag("archive", name);
        var id = Guid.CreateVersion7(_time.GetUtcNow());
        var target = new ArchiveTarget(
            _storage, name, id, 1, _options.Compression, ArchiveCipher.Create(id, _options.Key), _options);
        var (manifest, text) = target.Seal(await WriteAsync(connection, source, target, cancellationToken));
        if (!await target.CompleteAsync(text, replace: false, cancellationToken))
            throw new ArgumentException(
                $"There is a partition archive \"{name}\" in {_storage.Location} by now. Nothing was kept; try again.",
                nameof(selection));
        ArchiveMetrics.Written(_schemaName, manifest, _time.GetElapsedTime(started));
        LogMessages.ArchiveWritten(_logger, name, manifest.Events, manifest.Bytes, _storage.Location);
        return manifest;
    }

    private async Task<ArchiveManifest> WriteAsync(
        NpgsqlConnection connection, ArchiveSource source, ArchiveTarget target, CancellationToken cancellationToken)
    {
        var tables = new List<ArchiveTable>();
        var stems = new FileStems();
        foreach (var table in source.Queries.All())
        {
            var writer = new TableWriter(target, table.Name, table.Role, table.Columns, stems.Of(table.Role));
            await new TableExport(table).ReadAsync(
                connection, (line, sequence, time) => writer.AddAsync(line, sequence, time, cancellationToken),
                cancellationToken);
            tables.Add(await writer.EndAsync(cancellationToken));
        }

        var files = tables[0].Files;
        return new ArchiveManifest
        {
            Id = target.Id,
            Name = target.Name,
            CreatedAt = _time.GetUtcNow(),
            Tool = ArchiveTool.Name,
            Origin = await SourceSnapshot.OriginAsync(connection, source.Shape, cancellationToken),
            Partition = source.Partition?.Name,
            Tenant = source.Selection.Tenant ?? source.Partition?.Tenant,
            From = source.From,
            To = source.To,
            FirstSequence = files.Count == 0 ? null : files[0].FirstSequence,
            LastSequence = files.Count == 0 ? null : files[^1].LastSequence,
            Events = tables[0].Rows,
            Streams = tables[1].Rows,
            Compression = target.Compression,
            Encryption = target.Cipher?.Parameters,
            Tables = tables,
        };
    }
}
