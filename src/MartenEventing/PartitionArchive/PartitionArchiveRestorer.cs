using MartenEventing.Diagnostics;
using MartenEventing.PartitionArchive.Reading;
using MartenEventing.PartitionArchive.Restoring;
using MartenEventing.PartitionArchive.Writing;
using MartenEventing.Partitioning;
using MartenEventing.Schema;
using MartenEventing.Politeness;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MartenEventing.PartitionArchive;

/// <summary>
/// Restores partition archives: in their place, or beside it as a read-only table. An archive is verified before
/// anything is changed. What is interrupted at any moment goes on when it is called again.
/// </summary>
public sealed class PartitionArchiveRestorer
{
    /// <summary>How long what keeps nobody waiting waits for others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource _dataSource;
    private readonly string _schemaName;
    private readonly IArchiveStorage _storage;
    private readonly ArchiveKey? _key;
    private readonly PartitionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <summary>Prepares; nothing is read or changed yet.</summary>
    /// <param name="dataSource">The database. A pooler in front of it must keep sessions together.</param>
    /// <param name="schemaName">The schema of the store.</param>
    /// <param name="storage">Where the archives lie.</param>
    /// <param name="key">The key of those that are encrypted. Default: none.</param>
    /// <param name="options">How locks are waited for. Default: those of <see cref="PartitionOptions"/>.</param>
    /// <param name="time">For waiting. Default: the system's clock.</param>
    /// <param name="logger">Default: none.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PartitionArchiveRestorer(
        NpgsqlDataSource dataSource,
        string schemaName,
        IArchiveStorage storage,
        ArchiveKey? key = null,
        PartitionOptions? options = null,
        TimeProvider? time = null,
        ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrEmpty(schemaName);
        ArgumentNullException.ThrowIfNull(storage);
        _dataSource = dataSource;
        _schemaName = schemaName;
        _storage = storage;
        _key = key;
        _options = (options ?? new PartitionOptions()).Validated();
        _time = time ?? TimeProvider.System;
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>Called at each moment of a restore; for tests.</summary>
    internal Func<string, StepMoment, Task>? Observer { get; init; }

    /// <summary>Tells what <see cref="RestoreAsync"/> would do. Changes nothing.</summary>
    /// <exception cref="PartitionArchiveException">The archive cannot be restored here.</exception>
    public async Task<RestorePlan> PlanAsync(
        string name, RestoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new RestoreOptions();
        await using var pinned = await PinnedConnection.OpenAsync(_dataSource, cancellationToken);
        var restore = await PrepareAsync(pinned, name, options, cancellationToken);
        return await restore.PlanAsync(cancellationToken);
    }

    /// <summary>
    /// Restores an archive. In their place, the events become visible all at once; those that had not left are not
    /// doubled; streams that had gone come back with their rows, tags and natural keys. Where the head holds that time,
    /// a partition is cut out of it again.
    /// </summary>
    /// <exception cref="ArchiveNotFoundException">There is no such archive.</exception>
    /// <exception cref="ArchiveDamagedException">It is not what was written. Nothing was changed.</exception>
    /// <exception cref="ArchiveFormatException">Its format is unknown.</exception>
    /// <exception cref="ArchiveKeyException">The key is missing or wrong.</exception>
    /// <exception cref="ForeignArchiveException">It was made from another database, or this one has no note of
    /// it.</exception>
    /// <exception cref="ArchiveRevisionException">The database has noted another state of it: it is an older
    /// copy.</exception>
    /// <exception cref="ArchiveConflictException">The store has something else in its place.</exception>
    /// <exception cref="GaveUpWaitingException">Others kept the locks that it takes. The same call goes on from
    /// here.</exception>
    public async Task<RestoreReport> RestoreAsync(
        string name, RestoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var activity = EventingDiagnostics.Activities.StartActivity("partition archive restore");
        activity?.SetTag("archive", name);
        options ??= new RestoreOptions();
        await using var pinned = await PinnedConnection.OpenAsync(_dataSource, cancellationToken);
        var restore = await PrepareAsync(pinned, name, options, cancellationToken);
        var report = await restore.RunAsync(cancellationToken);
        ArchiveMetrics.Restored(_schemaName, report.Events);
        LogMessages.ArchiveRestored(_logger, name, report.Events, report.Target);
        return report;
    }

    private async Task<Restore> PrepareAsync(
        PinnedConnection session, string name, RestoreOptions options, CancellationToken cancellationToken)
    {
        var connection = session.Connection;
        await session.BoundWaitsAsync(Patience, cancellationToken);
        var archive = await OpenArchive.OpenAsync(_storage, name, _key, mayLackKey: false, cancellationToken);
        var shape = await StoreShape.FindAsync(connection, _schemaName, cancellationToken)
            ?? throw new StoreNotFoundException(_schemaName, connection.Database);
        if (shape.Layout == StoreLayout.Plain)
            throw new StoreNotPartitionedException(_schemaName);
        await RequireOriginAsync(connection, archive.Manifest, shape, options, cancellationToken);
        if (shape.IsPartitionedByTenant)
            await TakeTenantAsync(connection, archive.Manifest, options, cancellationToken);
        return new Restore(
            connection, archive, shape, await StoreTables.ReadAsync(connection, _schemaName, cancellationToken),
            options,
            new Verification(archive, _storage),
            new BringBack(session, _schemaName, _options, _time, _logger, Observer),
            new RestoreStage(connection, _schemaName, archive, options, _logger) { Observer = Observer }, _logger);
    }

    /// <summary>Events come back into the partitions of the one tenant whose they are.</summary>
    private async Task TakeTenantAsync(
        NpgsqlConnection connection, ArchiveManifest manifest, RestoreOptions options,
        CancellationToken cancellationToken)
    {
        if (options.AsTable is null && manifest.Tenant is null)
            throw new ArchiveConflictException(
                manifest.Name, "it holds the events of several tenants, and here each has partitions of its own");
        await TenantInHand.UseAsync(connection, _schemaName, manifest.Tenant, cancellationToken);
    }

    private async Task RequireOriginAsync(
        NpgsqlConnection connection, ArchiveManifest manifest, StoreShape shape, RestoreOptions options,
        CancellationToken cancellationToken)
    {
        var here = await SourceSnapshot.OriginAsync(connection, shape, cancellationToken);
        var there = manifest.Origin;
        var isSame = (here.SystemIdentifier, here.Database, here.Schema)
            == (there.SystemIdentifier, there.Database, there.Schema);
        var standing = await new ArchiveRegister(connection, _schemaName).StandingAsync(manifest, cancellationToken);
        if (standing is ArchiveStanding.Unknown or ArchiveStanding.NoRegister && !options.FromOtherDatabase)
        {
            if (!isSame)
                throw ForeignArchiveException.Of(manifest, connection.Database, _schemaName);
            if (standing == ArchiveStanding.Unknown)
                throw ForeignArchiveException.Unknown(manifest, connection.Database, _schemaName);
        }

        if (options.AsTable is null
            && (here.StreamIdentity, here.Tenancy) != (there.StreamIdentity, there.Tenancy))
            throw new ArchiveConflictException(
                manifest.Name,
                $"its streams are named by {there.StreamIdentity} and tenancy is {there.Tenancy}, here it is "
                    + $"{here.StreamIdentity} and {here.Tenancy}");
    }
}
