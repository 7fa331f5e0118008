using System.Data;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.PartitionArchive.Writing;

/// <summary>A transaction that sees the store as of one moment, and prints values the way archives have them.</summary>
internal static class SourceSnapshot
{
    private const string Settings =
        """
        SET LOCAL timezone = 'UTC';
        SET LOCAL datestyle = 'ISO, MDY';
        SET LOCAL intervalstyle = 'postgres';
        SET LOCAL extra_float_digits = 1;
        SET LOCAL bytea_output = 'hex';
        SET LOCAL statement_timeout = 0;
        SET LOCAL idle_in_transaction_session_timeout = 0
        """;

    /// <summary>An error where policies would hide rows, as in pg_dump.</summary>
    private const string Whole = "SET LOCAL row_security = off;\n";

    public static async Task<NpgsqlTransaction> BeginAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await ExecuteAsync(connection, Whole + Settings, cancellationToken);
        return transaction;
    }

    /// <summary>Makes the running transaction print values the way archives have them.</summary>
    public static Task SettleAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, Settings, cancellationToken);

    /// <summary>Tells which store this is.</summary>
    public static async Task<ArchiveOrigin> OriginAsync(
        NpgsqlConnection connection, StoreShape shape, CancellationToken cancellationToken)
    {
        var migrations = $"{SqlText.Quote(shape.SchemaName)}.mt_migrations";
        await using var command = new NpgsqlCommand(
            "SELECT (SELECT system_identifier::text FROM pg_control_system()), to_regclass($1) IS NOT NULL",
            connection);
        command.Parameters.AddWithValue(migrations);
        string system;
        bool isMigrated;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (system, isMigrated) = (reader.GetString(0), reader.GetBoolean(1));
        }

        await using var version = new NpgsqlCommand(
            isMigrated ? $"SELECT max(name) FROM {migrations} WHERE kind = 'versioned'" : "SELECT NULL", connection);
        return new ArchiveOrigin
        {
            SystemIdentifier = system,
            Database = connection.Database,
            Schema = shape.SchemaName,
            ServerVersion = connection.PostgreSqlVersion.ToString(),
            SchemaVersion = await version.ExecuteScalarAsync(cancellationToken) as string,
            StreamIdentity = shape.StreamIdentity,
            Tenancy = shape.Tenancy,
        };
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
