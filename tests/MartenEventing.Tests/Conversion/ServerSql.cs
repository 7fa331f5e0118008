using Npgsql;

namespace MartenEventing.Tests.Conversion;

/// <summary>What only the role may do that the server belongs to: tablespaces, roles, rows of catalogs.</summary>
internal static class ServerSql
{
    /// <summary>
    /// Runs statements one after the other in one session, in a store's database or the server's own.
    /// </summary>
    public static async Task ExecuteAsync(StoreDatabase? database, params string[] statements)
    {
        var server = new NpgsqlConnectionStringBuilder(
            await PostgresServer.ConnectionStringAsync()) { Pooling = false };
        if (database is not null)
            server.Database = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
