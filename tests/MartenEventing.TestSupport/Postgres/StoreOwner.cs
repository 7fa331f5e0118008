using System.Collections.Concurrent;
using System.Security.Cryptography;
using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

/// <summary>
/// The role that tests work as: the owner of its databases, and nothing more, for managed servers give nothing more.
/// One a test process and server, made by the superuser whose connection string the server has.
/// </summary>
public static class StoreOwner
{
    private static readonly ConcurrentDictionary<string, Lazy<Task>> Made = new();

    /// <summary>Kept, since opening a connection and reading the types takes longer than making a database.</summary>
    private static readonly ConcurrentDictionary<string, NpgsqlDataSource> Servers = new();

    public static string Name { get; } = "store_owner_" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    private static string Password { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>The same connection, as the owner.</summary>
    public static async Task<string> AsOwnerAsync(string server)
    {
        await Made.GetOrAdd(server, to => new(() => MakeAsync(to))).Value;
        return new NpgsqlConnectionStringBuilder(server) { Username = Name, Password = Password }.ConnectionString;
    }

    /// <summary>From a server that stays, once its databases are gone.</summary>
    public static async Task DropAsync()
    {
        var server = await PostgresServer.ConnectionStringAsync();
        if (Made.ContainsKey(server))
            await OnServerAsync(server, $"DROP ROLE IF EXISTS {Name}");
    }

    /// <summary>Runs a statement as the superuser.</summary>
    internal static async Task OnServerAsync(string server, string sql)
    {
        var stays = server == await PostgresServer.ConnectionStringAsync();
        var source = Servers.GetOrAdd(server, to => NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(to) { Pooling = stays }.ConnectionString));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static Task MakeAsync(string server) => OnServerAsync(
        server,
        $"""
         CREATE ROLE {Name} LOGIN PASSWORD '{Password}' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
         ALTER ROLE {Name} SET timezone = 'Asia/Kathmandu';
         ALTER ROLE {Name} SET application_name = 'a store owner'
         """);
}
