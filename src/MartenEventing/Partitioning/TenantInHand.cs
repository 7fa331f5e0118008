using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Partitioning;

/// <summary>Names the tenant whose partitions the functions in <c>db/</c> work on, for a session.</summary>
internal static class TenantInHand
{
    /// <summary>From now on this tenant; with null, none.</summary>
    public static async Task UseAsync(
        NpgsqlConnection connection, string schemaName, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {SqlText.Quote(schemaName)}.mt_use_tenant($1::text)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)tenant ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The statement that does so, for those who want to see it.</summary>
    public static string Sql(string schemaName, string tenant) =>
        $"SELECT {SqlText.Quote(schemaName)}.mt_use_tenant({SqlText.Literal(tenant)})";
}
