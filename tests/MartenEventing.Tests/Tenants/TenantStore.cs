using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Tests.Tenants;

/// <summary>A store in which each tenant has partitions of its own.</summary>
internal static class TenantStore
{
    public static readonly SchemaOptions Options = new() { Tenancy = EventTenancy.Conjoined, PartitionByTenant = true };

    public static Task<StoreDatabase> CreateAsync(PartitionPeriod period = PartitionPeriod.Month) =>
        StoreDatabase.CreateAsync(Options with { Period = period });

    /// <summary>The tenants that have partitions, in the order of their names.</summary>
    public static Task<List<string>> TenantsAsync(this StoreDatabase store) =>
        store.ColumnAsync<string>("SELECT tenant FROM mt_tenants() ORDER BY tenant COLLATE \"C\"");

    /// <summary>The name of the table with a tenant's events.</summary>
    public static Task<string> PartAsync(this StoreDatabase store, string tenant) =>
        store.ScalarAsync<string>("SELECT mt_tenant_table($1)::text", tenant);

    /// <summary>The partitions of a tenant as "head", "m202611" ... in the order of time.</summary>
    public static async Task<List<string>> PartitionsAsync(this StoreDatabase store, string tenant)
    {
        var part = await store.PartAsync(tenant);
        return await store.ColumnAsync<string>(
            "SELECT replace(name, $2, '') FROM mt_partitions_of($1::regclass)", part, part + "_");
    }

    /// <summary>Opens a stream as raw SQL does.</summary>
    public static Task InsertStreamAsync(this NpgsqlConnection connection, string tenant, Guid? id = null) =>
        connection.RunAsync(
            "INSERT INTO mt_streams (id, version, tenant_id) VALUES ($1, 0, $2)", id ?? Guid.NewGuid(), tenant);

    public static async Task RunAsync(this NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }
}
