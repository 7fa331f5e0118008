using Npgsql;

namespace MartenEventing.TestSupport.Postgres;

public static class DataSourceExtensions
{
    /// <summary>Runs statements; parameters are $1, $2 ...</summary>
    public static async Task<int> ExecuteAsync(this NpgsqlDataSource source, string sql, params object[] parameters)
    {
        await using var command = Command(source, sql, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row.</summary>
    public static async Task<T> ScalarAsync<T>(this NpgsqlDataSource source, string sql, params object[] parameters)
    {
        await using var command = Command(source, sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The first column of all rows.</summary>
    public static async Task<List<T>> ColumnAsync<T>(
        this NpgsqlDataSource source, string sql, params object[] parameters)
    {
        await using var command = Command(source, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<T>();
        while (await reader.ReadAsync())
            values.Add(reader.GetFieldValue<T>(0));
        return values;
    }

    private static NpgsqlCommand Command(NpgsqlDataSource source, string sql, object[] parameters)
    {
        var command = source.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
