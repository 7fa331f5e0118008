using Npgsql;

namespace MartenEventing.Benchmarks.Measurements;

/// <summary>Reads all rows of a command and every value in them, as whoever wants the events would.</summary>
internal static class RowReader
{
    /// <returns>The number of rows.</returns>
    public static async Task<int> DrainAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var values = new object[reader.FieldCount];
        var rows = 0;
        while (await reader.ReadAsync(cancellation))
        {
            reader.GetValues(values);
            rows++;
        }

        return rows;
    }
}
