using Npgsql;

namespace MartenEventing.Load.Reading;

internal static class ReadingExtensions
{
    public static async Task<string?> ReadOnceAsync(this IReading reading, NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await reading.ReadAsync(connection);
    }
}
