using System.Security.Cryptography;
using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>
/// The role that tests work as: the owner of its databases, and nothing more, for managed servers give nothing more. One a
/// test process, made by the superuser whose connection string the server has.
/// </summary>
public static class StoreOwner
{
    private static readonly Lazy<Task> Made = new(MakeAsync);

    public static string Name { get; } = "store_owner_" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    private static string Password { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>The same connection, as the owner.</summary>
    public static async Task<string> AsOwnerAsync(string connectionString)
    {
        await Made.Value;
        return new NpgsqlConnectionStringBuilder(connectionString) { Username = Name, Password = Password }.ConnectionString;
    }

    /// <summary>Once its databases are gone.</summary>
    public static Task DropAsync() => Made.IsValueCreated ? OnServerAsync($"DROP ROLE IF EXISTS {Name}") : Task.CompletedTask;

    /// <summary>Runs a statement as the superuser, on a connection of its own.</summary>
    internal static async Task OnServerAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static Task MakeAsync() => OnServerAsync(
        $"""
         CREATE ROLE {Name} LOGIN PASSWORD '{Password}' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
         ALTER ROLE {Name} SET timezone = 'Asia/Kathmandu';
         ALTER ROLE {Name} SET application_name = 'a store owner'
         """);
}
