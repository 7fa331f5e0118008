using System.Text.Json;
using Npgsql;

namespace MartenEventing.Tests.Partitioning;

internal static class PlanExtensions
{
    /// <summary>The tables that the plan of a query reads, in the order of their names.</summary>
    public static async Task<IReadOnlyList<string>> TablesReadAsync(this StoreDatabase store, string query)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync();
        return await connection.TablesReadAsync(query);
    }

    /// <summary>The tables that the plan of a query, or of an EXECUTE, reads in this session.</summary>
    public static async Task<IReadOnlyList<string>> TablesReadAsync(this NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand($"EXPLAIN (FORMAT JSON) {query}", connection);
        using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
        return [.. Relations(plan.RootElement).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Relations(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "Relation Name" ? [property.Value.GetString()!] : Relations(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Relations),
        _ => [],
    };
}
