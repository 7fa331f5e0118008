using JasperFx.Events;
using Marten;
using Marten.Storage;
using MartenEventing.Maintenance;
using MartenEventing.Marten.Modeling;
using MartenEventing.Partitioning;
using MartenEventing.Retention;
using MartenEventing.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;
using Weasel.Postgresql;

namespace MartenEventing.Marten.Maintenance;

/// <summary>
/// Maintains the partitions of a Marten store in each of its databases. May run anywhere, any time, in any number: one
/// does the work, the others skip.
/// </summary>
public sealed class PartitionMaintenance
{
    private readonly IDocumentStore _store;
    private readonly TimePartitionedEvents _events;
    private readonly PartitionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger? _logger;

    /// <summary>Prepares; nothing is read or changed yet.</summary>
    /// <param name="store">Configured with <c>UseTimePartitionedEvents</c>.</param>
    /// <param name="partitions">Default: those of <see cref="PartitionOptions"/>.</param>
    /// <param name="time">Default: the system's clock.</param>
    /// <param name="logger">Default: none.</param>
    /// <exception cref="InvalidOperationException">The store's events are not partitioned by time.</exception>
    /// <exception cref="IncompatibleEventsException">A setting cannot be combined with partitions by time.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public PartitionMaintenance(
        IDocumentStore store,
        PartitionOptions? partitions = null,
        TimeProvider? time = null,
        ILogger<PartitionMaintenance>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        var options = (StoreOptions)store.Options;
        var model = PartitionedModel.Find(options) ?? throw new InvalidOperationException(
            $"The store \"{options.StoreName}\" does not partition its events. Call "
            + $"options.{nameof(StoreOptionsExtensions.UseTimePartitionedEvents)}() where it is configured.");
        model.Apply();
        _store = store;
        _events = model.Events;
        _options = _events.ToPartitionOptions(partitions);
        _time = time ?? TimeProvider.System;
        _logger = logger;
    }

    /// <summary>
    /// Sees to it that each database has the event store, as far as the store's AutoCreate permits, and that it is
    /// partitioned.
    /// </summary>
    /// <exception cref="PlainEventStoreException">One is plain, and that is not allowed.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken = default)
    {
        foreach (var database in await _store.Storage.AllDatabases())
        {
            await CreateAsync(database, cancellationToken);
            if (_events.WhenPlain == PlainStorePolicy.Refuse
                && await FindAsync(database, cancellationToken) is { Layout: StoreLayout.Plain } plain)
                throw new PlainEventStoreException(plain.SchemaName);
        }

        await SayWhatIsNotPreparedAsync();
    }

    private async Task SayWhatIsNotPreparedAsync()
    {
        if (_logger is not null && (await _store.Storage.AllDatabases()).FirstOrDefault() is PostgresqlDatabase first
            && new NpgsqlConnectionStringBuilder(first.DataSource.ConnectionString) is { MaxAutoPrepare: 0 } settings)
            LogMessages.NothingIsPrepared(_logger, settings.Database ?? "");
    }

    /// <summary>
    /// Does what is to be done in each database: a report for each that holds a partitioned event store. A database
    /// that fails does not keep the others.
    /// </summary>
    /// <exception cref="AggregateException">The failures, after all databases have been visited.</exception>
    public Task<IReadOnlyList<MaintenanceReport>> RunAsync(CancellationToken cancellationToken = default) =>
        VisitAsync(
            (database, schema) => PassOver(database, schema).RunAsync(cancellationToken), cancellationToken);

    /// <summary>
    /// Removes in each database what the policies say: a report for each that holds a partitioned event store. A
    /// database that fails does not keep the others. With several, each archives into a folder of its own.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="AggregateException">The failures, after all databases have been visited.</exception>
    public async Task<IReadOnlyList<RetentionReport>> ApplyRetentionAsync(
        RetentionOptions policies, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policies);
        policies.Validated();
        var several = (await _store.Storage.AllDatabases()).Count > 1;
        return await VisitAsync(
            (database, schema) => RetentionOver(database, schema, several ? OfItsOwn(policies, database) : policies)
                .ApplyAsync(cancellationToken),
            cancellationToken);
    }

    private static RetentionOptions OfItsOwn(RetentionOptions policies, IMartenDatabase database) => policies with
    {
        ArchiveDirectory = policies.ArchiveDirectory is { } folder
            ? Path.Combine(folder, Uri.EscapeDataString(database.Id.Identity))
            : null,
    };

    private async Task<IReadOnlyList<T>> VisitAsync<T>(
        Func<IMartenDatabase, string, Task<T>> visit, CancellationToken cancellationToken)
    {
        var reports = new List<T>();
        var failures = new List<Exception>();
        foreach (var database in await _store.Storage.AllDatabases())
        {
            try
            {
                if (await FindAsync(database, cancellationToken) is { Layout: StoreLayout.Partitioned } shape)
                    reports.Add(await visit(database, shape.SchemaName));
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add(error);
            }
        }

        return failures.Count == 0 ? reports : throw new AggregateException(failures);
    }

    /// <summary>
    /// One instance at a time, because Weasel's CREATE TABLE IF NOT EXISTS fails where two run at once.
    /// </summary>
    private Task CreateAsync(IMartenDatabase database, CancellationToken cancellationToken) =>
        StorePreparation.RunAloneAsync(
            ((PostgresqlDatabase)database).DataSource, StoreConfiguration.SchemaNameOf(_store.Options),
            token => database.EnsureStorageExistsAsync(typeof(IEvent), token).AsTask(), cancellationToken);

    private Task<StoreShape?> FindAsync(IMartenDatabase database, CancellationToken cancellationToken) =>
        StoreShape.FindAsync(
            ((PostgresqlDatabase)database).DataSource, StoreConfiguration.SchemaNameOf(_store.Options),
            cancellationToken);

    private MaintenancePass PassOver(IMartenDatabase database, string schemaName) =>
        new(((PostgresqlDatabase)database).DataSource, schemaName, _options, _time, _logger);

    private StoreRetention RetentionOver(IMartenDatabase database, string schemaName, RetentionOptions policies) =>
        new(((PostgresqlDatabase)database).DataSource, schemaName, policies, _time, _logger);
}
