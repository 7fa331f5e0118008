using Npgsql;

namespace MartenEventing.Tests.Politeness;

/// <summary>A session that has done something in its transaction and sits idle in it.</summary>
internal sealed class OpenTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private OpenTransaction(NpgsqlConnection connection) => _connection = connection;

    public int Pid => _connection.ProcessID;

    /// <param name="source">As whom.</param>
    /// <param name="sql">What it does.</param>
    /// <param name="begin">How it begins.</param>
    public static async Task<OpenTransaction> BeginAsync(NpgsqlDataSource source, string sql, string begin = "BEGIN")
    {
        var open = new OpenTransaction(await source.OpenConnectionAsync());
        await open.RunAsync(begin);
        await open.RunAsync(sql);
        return open;
    }

    /// <summary>One that reads by a snapshot as of now.</summary>
    public static Task<OpenTransaction> WithSnapshotAsync(NpgsqlDataSource source, string sql = "SELECT 1") =>
        BeginAsync(source, sql, "BEGIN ISOLATION LEVEL REPEATABLE READ");

    public Task CommitAsync() => RunAsync("COMMIT");

    /// <summary>Leaves the transaction to no session.</summary>
    public Task PrepareAsync(string gid) => RunAsync($"PREPARE TRANSACTION '{gid}'");

    /// <summary>The first column of all rows.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }
}
