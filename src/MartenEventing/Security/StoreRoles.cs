using System.Diagnostics;
using MartenEventing.Schema;
using MartenEventing.Politeness;
using Npgsql;

namespace MartenEventing.Security;

/// <summary>
/// Gives roles the least that they need of a store, takes it away, and compares what they have with it. The roles exist
/// already. What each kind needs is decided in the database: <c>mt_role_rights</c>.
/// </summary>
public sealed class StoreRoles
{
    /// <summary>Warnings only, by which PostgreSQL says that nothing was done.</summary>
    private const string NotGranted = "01007";

    private const string NotRevoked = "01006";

    /// <summary>How long what others keep from it is waited for; for tests.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    private readonly NpgsqlDataSource _dataSource;
    private readonly string _schemaName;
    private readonly string _schema;

    /// <summary>Prepares; nothing is read or changed yet.</summary>
    public StoreRoles(NpgsqlDataSource dataSource, string schemaName = "public")
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrEmpty(schemaName);
        (_dataSource, _schemaName, _schema) = (dataSource, schemaName, SqlText.Quote(schemaName));
    }

    /// <summary>What is to be run so that each role has what its kinds need; nothing when it has.</summary>
    /// <exception cref="RoleRefusedException">A role is unknown, PUBLIC, the owner; that is a superuser.</exception>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    public Task<IReadOnlyList<RoleStatement>> PlanAsync(
        IReadOnlyCollection<StoreRole> roles, CancellationToken cancellationToken = default) =>
        PlanAsync(roles, given: true, cancellationToken);

    /// <summary>
    /// What is to be run so that no role has what these kinds give; another kind that a role has whole keeps its own.
    /// </summary>
    /// <exception cref="RoleRefusedException">A role is unknown, PUBLIC or the owner.</exception>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    public Task<IReadOnlyList<RoleStatement>> PlanRevokingAsync(
        IReadOnlyCollection<StoreRole> roles, CancellationToken cancellationToken = default) =>
        PlanAsync(roles, given: false, cancellationToken);

    /// <summary>Is told whom <see cref="ApplyAsync"/> waits for, while it does. Default null.</summary>
    public IProgress<string>? Waiting { get; init; }

    /// <summary>
    /// Runs a plan as it is, in one transaction. Waits half a minute at most for what others keep from it.
    /// </summary>
    /// <exception cref="RightsNotHeldException">The connected role may not; nothing was changed.</exception>
    /// <exception cref="GaveUpWaitingException">Others did; nothing was changed.</exception>
    public async Task ApplyAsync(
        IReadOnlyCollection<RoleStatement> plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        await using var pinned = await PinnedConnection.BeginAsync(_dataSource, cancellationToken);
        var connection = pinned.Connection;
        var refused = false;
        connection.Notice += (_, notice) => refused |= notice.Notice.SqlState is NotGranted or NotRevoked;
        var watch = await pinned.WatchTransactionAsync(
            holders => Waiting?.Report($"waits for {holders}"), cancellationToken);
        await PinnedConnection.BoundWaitsAsync(connection, Patience, isLocal: true, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        try
        {
            foreach (var statement in plan)
            {
                await watch.RunAsync(() => RunAsync(connection, statement, cancellationToken), Patience);
                if (refused)
                    throw new RightsNotHeldException(connection.UserName!, statement, null);
            }
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new GaveUpWaitingException(
                $"Rights on schema \"{_schemaName}\"", Stopwatch.GetElapsedTime(began), watch.HeldBy, inner: error);
        }

        await pinned.CommitAsync(cancellationToken);
    }

    /// <summary>What each role lacks of what its kinds need, and what it may do beyond them. Changes nothing.</summary>
    /// <exception cref="RoleRefusedException">A role is unknown, PUBLIC, the owner; that is a superuser.</exception>
    /// <exception cref="StoreNotFoundException">The schema holds no event store.</exception>
    public async Task<IReadOnlyList<RoleFinding>> CheckAsync(
        IReadOnlyCollection<StoreRole> roles, CancellationToken cancellationToken = default)
    {
        await RefuseAsync(roles, given: true, cancellationToken);
        var findings = new List<RoleFinding>();
        foreach (var (role, kinds) in ByName(roles))
        {
            await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
            await using var command = new NpgsqlCommand(
                $"SELECT finding, class, object, privilege FROM {_schema}.mt_role_findings($1, $2)", pinned.Connection);
            command.Parameters.AddWithValue(role);
            command.Parameters.AddWithValue(kinds);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                findings.Add(new RoleFinding(
                    role, reader.GetString(0) == "missing", reader.GetString(1), reader.GetString(2),
                    reader.GetString(3)));
        }

        return findings;
    }

    private async Task<IReadOnlyList<RoleStatement>> PlanAsync(
        IReadOnlyCollection<StoreRole> roles, bool given, CancellationToken cancellationToken)
    {
        await RefuseAsync(roles, given, cancellationToken);
        var plan = new List<RoleStatement>();
        foreach (var (role, kinds) in ByName(roles))
        {
            await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
            await using var command = new NpgsqlCommand(
                $"SELECT s FROM {_schema}.mt_role_statements($1, $2, $3) s", pinned.Connection);
            command.Parameters.AddWithValue(role);
            command.Parameters.AddWithValue(kinds);
            command.Parameters.AddWithValue(given);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                plan.Add(new RoleStatement(role, reader.GetString(0)));
        }

        return plan;
    }

    private async Task RefuseAsync(
        IReadOnlyCollection<StoreRole> roles, bool given, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(roles);
        await StoreShape.ReadAsync(_dataSource, _schemaName, cancellationToken);
        foreach (var role in roles)
        {
            if (role.Name.Equals("public", StringComparison.OrdinalIgnoreCase))
                throw RoleRefusedException.Public(role);
            var (quoted, owner, isSuperuser) = await LookUpAsync(role, cancellationToken);
            if (quoted is not null)
                throw RoleRefusedException.Unknown(role, quoted);
            if (owner == role.Name)
                throw RoleRefusedException.Owner(role, _schemaName);
            if (given && isSuperuser && role.Kind == RoleKind.Maintainer)
                throw RoleRefusedException.OwnedBySuperuser(role, _schemaName, owner);
        }
    }

    /// <summary>The name in SQL when there is no such role, else null; the owner, and whether a superuser.</summary>
    private async Task<(string? Quoted, string Owner, bool IsSuperuser)> LookUpAsync(
        StoreRole role, CancellationToken cancellationToken)
    {
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT CASE WHEN r.oid IS NULL THEN pg_catalog.quote_ident($1) END, o.rolname::text, o.rolsuper
               FROM pg_catalog.pg_class c JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
               LEFT JOIN pg_catalog.pg_roles r ON r.rolname = $1
              WHERE c.oid = {_schema}.mt_events_table()
             """, pinned.Connection);
        command.Parameters.AddWithValue(role.Name);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.IsDBNull(0) ? null : reader.GetString(0), reader.GetString(1), reader.GetBoolean(2));
    }

    private static async Task<int> RunAsync(
        NpgsqlConnection connection, RoleStatement statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement.Sql, connection);
        try
        {
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new RightsNotHeldException(connection.UserName!, statement, error);
        }
    }

    private static IEnumerable<(string Role, string[] Kinds)> ByName(IEnumerable<StoreRole> roles) =>
        roles.GroupBy(role => role.Name, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Select(role => NameOf(role.Kind)).Distinct().ToArray()));

    private static string NameOf(RoleKind kind) => kind.ToString().ToLowerInvariant();
}
