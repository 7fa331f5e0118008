using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Storage;
using MartenEventing.Marten.Modeling;
using MartenEventing.Retention;
using Weasel.Postgresql;

namespace MartenEventing.Marten.Rebuilding;

/// <summary>
/// Rebuilds projections of a Marten store, in all its databases, and knows what retention has removed: from a history
/// that is not complete nothing is rebuilt unless that is asked for.
/// </summary>
public sealed class ProjectionRebuild
{
    private readonly IDocumentStore _store;

    /// <summary>Prepares; nothing is read or changed yet.</summary>
    public ProjectionRebuild(IDocumentStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
    }

    /// <summary>The names of the projections that can be rebuilt: all but those evaluated live.</summary>
    public IReadOnlyList<string> Projections =>
        [.. Sources.Select(source => source.Name).Distinct().Order(StringComparer.Ordinal)];

    private IEnumerable<IProjectionSource<IDocumentOperations, IQuerySession>> Sources =>
        ((StoreOptions)_store.Options).Projections.All.Where(source => source.Lifecycle != ProjectionLifecycle.Live);

    /// <summary>What is missing in the history, for each database. Reads all streams.</summary>
    /// <param name="projection">Default: all projections.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="ArgumentException">No projection is called so.</exception>
    public async Task<IReadOnlyList<TruncatedHistory>> InspectAsync(
        string? projection = null, CancellationToken cancellationToken = default)
    {
        var names = Require(projection);
        var sources = Sources.Where(source => names.Contains(source.Name)).ToList();
        var histories = new List<TruncatedHistory>();
        foreach (var database in await _store.Storage.AllDatabases())
            histories.Add(await new HistoryInspection(_store, database, sources).ReadAsync(cancellationToken));
        return histories;
    }

    /// <summary>
    /// Rebuilds, one projection after the other, in one database after the other. Waits for maintenance that is under
    /// way; until the end retention removes nothing.
    /// </summary>
    /// <exception cref="ArgumentException">No projection is called so, or an option is out of its range.</exception>
    /// <exception cref="TruncatedHistoryException">A part of the history is missing.</exception>
    /// <param name="options">Default: all projections, and only from a complete history.</param>
    /// <param name="progress">Told the name of each projection that has been rebuilt in a database.</param>
    /// <param name="cancellationToken">Ends it early; begun rebuilds are to be run again.</param>
    public async Task RunAsync(
        ProjectionRebuildOptions? options = null,
        IProgress<string>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options = (options ?? new ProjectionRebuildOptions()).Validated();
        var names = Require(options.Projection);
        await using var turns = new RebuildTurns();
        foreach (var database in await _store.Storage.AllDatabases())
            turns.Add(await RebuildTurn.TakeAsync(
                ((PostgresqlDatabase)database).DataSource, StoreConfiguration.SchemaNameOf(_store.Options),
                cancellationToken));
        if (!options.AllowTruncatedHistory)
        {
            var histories = await InspectAsync(options.Projection, cancellationToken);
            if (histories.Where(history => history.IsTruncated).ToList() is { Count: > 0 } truncated)
                throw new TruncatedHistoryException(truncated);
        }

        foreach (var database in await _store.Storage.AllDatabases())
            await RebuildAsync(database, names, options.Timeout, progress, cancellationToken);
    }

    private sealed class RebuildTurns : List<RebuildTurn>, IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var turn in this)
                await turn.DisposeAsync();
        }
    }

    private async Task RebuildAsync(
        IMartenDatabase database,
        IReadOnlyList<string> names,
        TimeSpan timeout,
        IProgress<string>? progress,
        CancellationToken cancellationToken)
    {
        using var daemon = await ((IEventStore)_store).BuildProjectionDaemonAsync(database.Id);
        await daemon.PrepareForRebuildsAsync();
        foreach (var name in names)
        {
            await daemon.RebuildProjectionAsync(name, timeout, cancellationToken);
            progress?.Report(name);
        }

        await daemon.StopAllAsync();
    }

    private IReadOnlyList<string> Require(string? projection)
    {
        var all = Projections;
        if (projection is null)
            return all;
        return all.Where(name => string.Equals(name, projection, StringComparison.OrdinalIgnoreCase)).ToList()
            is { Count: > 0 } found
            ? found
            : throw new ArgumentException(
                $"No projection that can be rebuilt is called \"{projection}\". There are: {string.Join(", ", all)}.");
    }
}
