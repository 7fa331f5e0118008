using Npgsql;

namespace MartenEventing.Cli.Demo;

/// <summary>One statement on a pooled connection; parameters are $1, $2 ...</summary>
internal static class Queries
{
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource source, string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = Command(source, sql, parameters);
        command.CommandTimeout = 0;
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The first column of the first row.</summary>
    public static async Task<T> ScalarAsync<T>(
        this NpgsqlDataSource source, string sql, CancellationToken cancellation, params object[] parameters)
    {
        await using var command = Command(source, sql, parameters);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>All rows, read one by one.</summary>
    public static async Task<List<T>> RowsAsync<T>(
        this NpgsqlDataSource source, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation,
        params object[] parameters)
    {
        await using var command = Command(source, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    private static NpgsqlCommand Command(NpgsqlDataSource source, string sql, object[] parameters)
    {
        var command = source.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
