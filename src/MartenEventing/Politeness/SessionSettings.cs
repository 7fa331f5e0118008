using Npgsql;

namespace MartenEventing.Politeness;

/// <summary>What a session of ours goes by instead of what the role, the database or the pool has set.</summary>
internal static class SessionSettings
{
    /// <summary>So that a name is PostgreSQL's own, and values read and print one way.</summary>
    public static readonly (string Name, string? Value)[] Meaning =
    [
        ("search_path", "pg_catalog, pg_temp"),
        ("timezone", "UTC"),
        ("datestyle", "ISO, MDY"),
        ("intervalstyle", "postgres"),
        ("extra_float_digits", "1"),
        ("bytea_output", "hex"),
        ("lc_monetary", "C"),
        ("array_nulls", "on"),
        ("standard_conforming_strings", "on"),
        ("quote_all_identifiers", "off"),
    ];

    /// <summary>Those that this server does not know yet are left out.</summary>
    private static readonly (string Name, string? Value)[] Patience =
    [
        ("statement_timeout", "0"),
        ("transaction_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("idle_session_timeout", "0"),
    ];

    /// <summary>For the transactions of a session, and the statements outside them.</summary>
    private static readonly (string Name, string? Value)[] Transactions =
    [
        ("default_transaction_isolation", "read committed"),
        ("default_transaction_read_only", "off"),
        ("default_transaction_deferrable", "off"),
    ];

    /// <summary>What a session of ours may change later on, and gets back before somebody else has it.</summary>
    private static readonly (string Name, string? Value)[] Changing =
        [("lock_timeout", null), ("mt_events.tenant", null)];

    /// <summary>For a transaction that may take as long as there is data.</summary>
    public static readonly (string Name, string? Value)[] OfTransaction = [.. Meaning, .. Patience];

    /// <summary>For a session that does.</summary>
    public static readonly (string Name, string? Value)[] OfSession = [.. OfTransaction, .. Transactions, .. Changing];

    /// <summary>
    /// Sets what the server knows of these, in one round trip, for the transaction whose access it declares or else for
    /// the session; null: as it is. Returns what there was.
    /// </summary>
    public static async Task<(string Name, string? Value)[]> SetAsync(
        NpgsqlConnection connection, string? access, (string Name, string? Value)[] settings,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (access is not null)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SET TRANSACTION " + access));
        var command = new NpgsqlBatchCommand(
            """
            SELECT s.name, coalesce(s.before, ''), pg_catalog.set_config(s.name, coalesce(s.value, s.before, ''), $3)
              FROM (SELECT n.name, n.value, pg_catalog.current_setting(n.name, true) AS before
                      FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) AS n (name, value) OFFSET 0) AS s
             WHERE s.before IS NOT NULL OR pg_catalog.strpos(s.name, '.') OPERATOR(pg_catalog.>) 0
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. settings.Select(s => s.Name)] });
        command.Parameters.Add(new NpgsqlParameter<string?[]> { TypedValue = [.. settings.Select(s => s.Value)] });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = access is not null });
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var before = new List<(string, string?)>();
        while (await reader.ReadAsync(cancellationToken))
            before.Add((reader.GetString(0), reader.GetString(1)));
        return [.. before];
    }
}
