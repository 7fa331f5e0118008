namespace MartenEventing.Schema;

/// <summary>What a history means for this library's files: what is due, and what must not go on.</summary>
internal sealed class HistoryCheck(SchemaOptions options, IReadOnlyDictionary<string, AppliedMigration> history)
{
    private readonly IReadOnlyList<Migration> _all = Migration.AllVersioned();

    /// <summary>Versioned files applied by a newer library. An older one then keeps its hands off.</summary>
    public IReadOnlyList<string> Unknown() =>
        [.. history.Where(row => row.Value.Kind == MigrationKind.Versioned).Select(row => row.Key)
            .Except(_all.Select(migration => migration.Name)).Order(StringComparer.Ordinal)];

    public bool IsDue(Migration migration) => StateOf(migration) is not MigrationState.Applied;

    /// <summary>Whether the store has what the file makes, though the history does not say so.</summary>
    public static bool IsTakenOver(Migration migration, StoreShape? found) =>
        found is { Layout: StoreLayout.Partitioned, IsSetUp: true } && migration.IsPartOfSetUpStore;

    public MigrationState StateOf(Migration migration) => history.TryGetValue(migration.Name, out var row)
        ? migration.IsAppliedAs(row.Checksum) ? MigrationState.Applied : MigrationState.Changed
        : MigrationState.Pending;

    public void RequireUnchanged()
    {
        foreach (var migration in _all)
            if (StateOf(migration) == MigrationState.Changed)
                throw new MigrationChangedException(
                    options.SchemaName, migration.Name, history[migration.Name].Checksum, migration.Checksum);
    }

    public void RequireShape(StoreShape? found)
    {
        if (found is null)
            return;
        if (found.StreamIdentity != options.StreamIdentity)
            throw new StoreMismatchException(
                options.SchemaName, nameof(SchemaOptions.StreamIdentity), options.StreamIdentity, found.StreamIdentity);
        if (found.Tenancy != options.Tenancy)
            throw new StoreMismatchException(
                options.SchemaName, nameof(SchemaOptions.Tenancy), options.Tenancy, found.Tenancy);
        if (found.Layout == StoreLayout.Plain)
            return;
        if (options.Layout == StoreLayout.Plain)
            throw new StoreMismatchException(
                options.SchemaName, nameof(SchemaOptions.Layout), options.Layout, found.Layout);
        if (options.PartitionByTenant != found.IsPartitionedByTenant)
            throw new StoreMismatchException(
                options.SchemaName, nameof(SchemaOptions.PartitionByTenant), options.PartitionByTenant,
                found.IsPartitionedByTenant);
        if (!found.IsSetUp && !_all.Any(file => file.SetsUpPartitions && history.ContainsKey(file.Name)))
            throw new UnsupportedStoreException(
                options.SchemaName, "mt_events is partitioned already, and not by this library");
    }
}
