using Npgsql;

namespace MartenEventing.Benchmarks;

internal static class ConnectionExtensions
{
    /// <summary>Runs statements without a time limit.</summary>
    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs statements on a connection of their own, without a time limit.</summary>
    public static async Task ExecuteAsync(this NpgsqlDataSource source, string sql, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(sql, cancellation);
    }

    /// <summary>The first column of all rows.</summary>
    public static async Task<List<T>> ColumnAsync<T>(
        this NpgsqlDataSource source, string sql, object[] parameters, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var values = new List<T>();
        while (await reader.ReadAsync(cancellation))
            values.Add(reader.GetFieldValue<T>(0));
        return values;
    }

    /// <summary>The first column of the first row.</summary>
    public static async Task<T> ScalarAsync<T>(
        this NpgsqlDataSource source, string sql, object[] parameters, CancellationToken cancellation) =>
        (await source.ColumnAsync<T>(sql, parameters, cancellation))[0];
}
