using MartenEventing.Schema;
using MartenEventing.Politeness;
using Npgsql;
using NpgsqlTypes;

namespace MartenEventing.Retention;

/// <summary>
/// Places, lifts and lists the legal holds of a store. Their rows are never deleted, and what they hold is neither
/// changed nor removed.
/// Who places and who lifts one is the role that is connected.
/// </summary>
public sealed class LegalHolds
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly string _schema;

    /// <summary>Prepares; nothing is read or changed yet.</summary>
    public LegalHolds(NpgsqlDataSource dataSource, string schemaName = "public")
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentException.ThrowIfNullOrEmpty(schemaName);
        _dataSource = dataSource;
        _schema = SqlText.Quote(schemaName);
    }

    /// <summary>
    /// How long a call waits for transactions that are about to change or remove what might be held: more than nothing.
    /// Default one minute.
    /// </summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Is told whom a call waits for, while it does. Default null.</summary>
    public IProgress<string>? Waiting { get; init; }

    /// <summary>Holds a stream whole.</summary>
    /// <param name="stream">Its id, as in <c>mt_streams</c>; it need not exist (yet).</param>
    /// <param name="reason">Why.</param>
    /// <param name="tenant">The tenant whose stream is meant. Default: the stream of this id of any.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="GaveUpWaitingException">Somebody let it wait for longer than
    /// <see cref="GiveUpAfter"/>.</exception>
    public Task<LegalHold> HoldStreamAsync(
        string stream, string reason, string? tenant = null,
        CancellationToken cancellationToken = default) =>
        PlaceAsync("stream", Given(stream, nameof(stream)), reason, tenant, null, null, cancellationToken);

    /// <summary>Holds all streams of a tenant.</summary>
    /// <exception cref="GaveUpWaitingException">Somebody let it wait for longer than
    /// <see cref="GiveUpAfter"/>.</exception>
    public Task<LegalHold> HoldTenantAsync(
        string tenant, string reason, CancellationToken cancellationToken = default) =>
        PlaceAsync("tenant", Given(tenant, nameof(tenant)), reason, null, null, null, cancellationToken);

    /// <summary>Holds every stream with an event in [from, to), whole. Null bounds are open.</summary>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    /// <exception cref="GaveUpWaitingException">Somebody let it wait for longer than
    /// <see cref="GiveUpAfter"/>.</exception>
    public Task<LegalHold> HoldRangeAsync(
        DateTimeOffset? from, DateTimeOffset? to, string reason,
        CancellationToken cancellationToken = default) => from >= to
        ? throw new ArgumentException($"The range from {from:u} to {to:u} is empty.", nameof(to))
        : PlaceAsync("range", null, reason, null, from, to, cancellationToken);

    /// <summary>Lifts a hold. False when there is none of this number that still stands.</summary>
    /// <exception cref="GaveUpWaitingException">Somebody let it wait for longer than
    /// <see cref="GiveUpAfter"/>.</exception>
    public async Task<bool> LiftAsync(long id, CancellationToken cancellationToken = default)
    {
        await using var pinned = await PinnedConnection.BeginAsync(_dataSource, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"SELECT {_schema}.mt_lift_hold($1)", pinned.Connection);
        command.Parameters.AddWithValue(id);
        var lifted = (bool)await WaitAsync(pinned, command, $"Hold {id}", cancellationToken);
        await pinned.CommitAsync(cancellationToken);
        return lifted;
    }

    /// <summary>The holds in the order of their numbers: those that stand or, if asked, the lifted ones too.</summary>
    public Task<IReadOnlyList<LegalHold>> ListAsync(
        bool includeLifted = false, CancellationToken cancellationToken = default) =>
        ReadAsync(includeLifted ? "true" : "lifted_at IS NULL", cancellationToken);

    private async Task<LegalHold> PlaceAsync(
        string kind, string? value, string reason, string? tenant, DateTimeOffset? from, DateTimeOffset? to,
        CancellationToken cancellationToken)
    {
        await using var pinned = await PinnedConnection.BeginAsync(_dataSource, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"SELECT {_schema}.mt_place_hold($1, $2, $3, $4, $5, $6)", pinned.Connection);
        foreach (var text in (string?[])[kind, value, Given(reason, nameof(reason)), tenant])
            command.Parameters.Add(Text(text));
        foreach (var instant in (DateTimeOffset?[])[from, to])
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)instant?.ToUniversalTime() ?? DBNull.Value,
            });
        var id = (long)await WaitAsync(pinned, command, "The hold was not placed", cancellationToken);
        await pinned.CommitAsync(cancellationToken);
        return (await ReadAsync($"id = {id}", cancellationToken))[0];
    }

    private async Task<object> WaitAsync(
        PinnedConnection pinned, NpgsqlCommand command, string what, CancellationToken cancellationToken)
    {
        command.CommandTimeout = 0;
        var watch = await pinned.WatchTransactionAsync(
            holders => Waiting?.Report($"waits for {holders}"), cancellationToken);
        await PinnedConnection.BoundWaitsAsync(command.Connection!, GiveUpAfter, isLocal: true, cancellationToken);
        return (await watch.RunAsync(() => command.ExecuteScalarAsync(cancellationToken), GiveUpAfter, what))!;
    }

    private async Task<IReadOnlyList<LegalHold>> ReadAsync(string condition, CancellationToken cancellationToken)
    {
        await using var pinned = await PinnedConnection.ReadAsync(_dataSource, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
             SELECT id, kind, value, tenant_id, CASE WHEN isfinite(from_time) THEN from_time END,
                    CASE WHEN isfinite(to_time) THEN to_time END, reason, placed_by, placed_at, lifted_by, lifted_at
               FROM {_schema}.mt_legal_holds WHERE {condition} ORDER BY id
             """, pinned.Connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var holds = new List<LegalHold>();
        while (await reader.ReadAsync(cancellationToken))
            holds.Add(Read(reader));
        return holds;
    }

    private static LegalHold Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetInt64(0),
        Kind = Enum.Parse<LegalHoldKind>(reader.GetString(1), ignoreCase: true),
        Value = reader.IsDBNull(2) ? null : reader.GetString(2),
        Tenant = reader.IsDBNull(3) ? null : reader.GetString(3),
        From = Instant(reader, 4),
        To = Instant(reader, 5),
        Reason = reader.GetString(6),
        PlacedBy = reader.GetString(7),
        PlacedAt = reader.GetFieldValue<DateTimeOffset>(8),
        LiftedBy = reader.IsDBNull(9) ? null : reader.GetString(9),
        LiftedAt = Instant(reader, 10),
    };

    private static DateTimeOffset? Instant(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static string Given(string text, string name) => text is { Length: > 0 }
        ? text
        : throw new ArgumentException($"The {name} must not be empty.", name);

    private static NpgsqlParameter Text(string? value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };
}
