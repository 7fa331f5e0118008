using MartenEventing.Politeness;
using Npgsql;

namespace MartenEventing.Schema;

/// <summary>The table <c>mt_migrations</c> of a store, seen through a connection of the migrator.</summary>
internal sealed class MigrationHistory(NpgsqlConnection connection, SchemaOptions options)
{
    /// <summary>How long another migrator is waited for.</summary>
    public static readonly TimeSpan PatienceWithMigrators = TimeSpan.FromMinutes(10);

    /// <summary>How long a lock on a table is waited for, and others behind it.</summary>
    public static readonly TimeSpan PatienceWithTables = TimeSpan.FromSeconds(5);

    private const string TableFile = "history/mt_migrations.sql";

    private readonly string _table = SqlText.Quote(options.SchemaName) + ".mt_migrations";
    private TimeSpan _patience = PatienceWithTables;
    private WaitWatch? _watch;

    /// <summary>The connection with what it takes to look on while it waits. Default null: nobody looks on.</summary>
    public PinnedConnection? Watched { get; init; }

    /// <summary>Is told whom it waits for.</summary>
    public Action<string>? Waiting { get; init; }

    /// <summary>Whom it waits for, or waited for at last; null when nobody was seen.</summary>
    public string? HeldBy => _watch?.HeldBy;

    /// <summary>How long another migrator may be waited for.</summary>
    public TimeSpan Patience { get; init; } = PatienceWithMigrators;

    /// <summary>
    /// Begins a transaction that is the only one to change this schema; waits for others to end. Afterwards a lock on a
    /// table is waited for five seconds at most.
    /// </summary>
    /// <exception cref="GaveUpWaitingException">Another migrator took longer than is waited for.</exception>
    public async Task<NpgsqlTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        var transaction = await PinnedConnection.BeginTransactionAsync(connection, cancellationToken);
        await ExecuteAsync(
            $"""
            SET LOCAL search_path = pg_catalog, {SqlText.Quote(options.SchemaName)}, pg_temp;
            SET LOCAL lock_timeout = {Waits.InMilliseconds(Patience)};
            SET LOCAL client_min_messages = warning;
            SET LOCAL check_function_bodies = off;
            """, cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT pg_advisory_xact_lock(hashtextextended('marten-eventing schema ' || $1, 0))";
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue(options.SchemaName);
        _watch = Watched is null ? null : await Watched.WatchTransactionAsync(Waiting, cancellationToken);
        _patience = Patience;
        try
        {
            await WatchedAsync(command, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await transaction.DisposeAsync();
            throw new GaveUpWaitingException(
                $"Schema \"{options.SchemaName}\" is being changed by somebody else", Patience, HeldBy, inner: error);
        }

        _patience = PatienceWithTables;
        await ExecuteAsync(
            $"SET LOCAL lock_timeout = {Waits.InMilliseconds(PatienceWithTables)}", cancellationToken);
        return transaction;
    }

    /// <summary>Makes the schema and the table where they are missing; needs no rights where they are.</summary>
    /// <exception cref="SchemaRefusedException">The schema is missing, and this role may not make it.</exception>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        if (await ExistsAsync(cancellationToken))
            return;
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT to_regnamespace(quote_ident($1)) IS NULL";
            command.Parameters.AddWithValue(options.SchemaName);
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!)
                await CreateSchemaAsync(cancellationToken);
        }

        await ExecuteAsync(SqlFiles.Load(TableFile, options), cancellationToken);
    }

    private async Task CreateSchemaAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync("CREATE SCHEMA " + SqlText.Quote(options.SchemaName), cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SchemaRefusedException(options.SchemaName, connection.Database, connection.UserName!, error);
        }
    }

    /// <summary>What has been applied, by name; empty where there is no history.</summary>
    public async Task<IReadOnlyDictionary<string, AppliedMigration>> ReadAsync(CancellationToken cancellationToken)
    {
        var applied = new Dictionary<string, AppliedMigration>(StringComparer.Ordinal);
        if (!await ExistsAsync(cancellationToken))
            return applied;

        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT name, kind, checksum, applied FROM {_table} ORDER BY name";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var kind = Enum.Parse<MigrationKind>(reader.GetString(1), ignoreCase: true);
            var at = reader.GetFieldValue<DateTimeOffset>(3);
            applied.Add(reader.GetString(0), new AppliedMigration(kind, reader.GetString(2), at));
        }

        return applied;
    }

    /// <summary>Runs the file and notes it.</summary>
    public async Task ApplyAsync(Migration migration, CancellationToken cancellationToken)
    {
        await ExecuteAsync(SqlFiles.Fill(migration.Text, options), cancellationToken);
        await NoteAsync(migration, cancellationToken);
    }

    /// <summary>Notes the file as applied.</summary>
    public async Task NoteAsync(Migration migration, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
             INSERT INTO {_table} (name, kind, checksum) VALUES ($1, lower($2), $3)
             ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied = excluded.applied
             """;
        command.Parameters.AddWithValue(migration.Name);
        command.Parameters.AddWithValue(migration.Kind.ToString());
        command.Parameters.AddWithValue(migration.Checksum);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Notes the file as applied, unless it has been.</summary>
    public static string Note(Migration migration, SchemaOptions options)
    {
        var kind = migration.Kind.ToString().ToLowerInvariant();
        return $"INSERT INTO {SqlText.Quote(options.SchemaName)}.mt_migrations (name, kind, checksum) "
            + $"VALUES ('{migration.Name}', '{kind}', '{migration.Checksum}') ON CONFLICT (name) DO NOTHING";
    }

    /// <summary>Removes the note of a file.</summary>
    public static string Forget(Migration migration, SchemaOptions options) =>
        $"DELETE FROM {SqlText.Quote(options.SchemaName)}.mt_migrations WHERE name = '{migration.Name}'";

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await WatchedAsync(command, cancellationToken);
    }

    /// <summary>
    /// Brings guard and rights of a store that an earlier version set up to what they are now. Left to the owner:
    /// others may find that nothing is pending.
    /// </summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT pg_has_role(c.relowner, 'USAGE') FROM pg_class c WHERE c.oid = to_regclass($1)";
        command.Parameters.AddWithValue(SqlText.Quote(options.SchemaName) + ".mt_events");
        if (await command.ExecuteScalarAsync(cancellationToken) is true)
            await ExecuteAsync($"SELECT {SqlText.Quote(options.SchemaName)}.mt_settle()", cancellationToken);
    }

    /// <summary>Refuses what somebody else has made under our names before us.</summary>
    public Task RefuseStrangersAsync(CancellationToken cancellationToken) =>
        ExecuteAsync($"SELECT {SqlText.Quote(options.SchemaName)}.mt_refuse_strangers()", cancellationToken);

    private async Task<bool> ExistsAsync(CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT to_regclass($1) IS NOT NULL";
        command.Parameters.AddWithValue(_table);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private Task WatchedAsync(NpgsqlCommand command, CancellationToken cancellationToken) => _watch is null
        ? command.ExecuteNonQueryAsync(cancellationToken)
        : _watch.RunAsync(() => command.ExecuteNonQueryAsync(cancellationToken), _patience);
}
