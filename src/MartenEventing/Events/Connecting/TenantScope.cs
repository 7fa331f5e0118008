using MartenEventing.Schema;

namespace MartenEventing.Events.Connecting;

/// <summary>
/// The tenant that a store speaks for. Where each tenant has streams of its own, all SQL keeps to it.
/// </summary>
/// <param name="Tenant">Its id; noted on what is appended.</param>
/// <param name="IsConjoined">Whether the tenant is part of a stream's identity.</param>
/// <param name="HasPartitions">Whether each tenant has partitions of its own.</param>
internal sealed record TenantScope(string Tenant, bool IsConjoined, bool HasPartitions = false)
{
    /// <summary>Marten's name for the tenant of those who name none.</summary>
    public const string DefaultTenant = "*DEFAULT*";

    /// <summary>
    /// The condition that a table, by its alias, tells of this tenant, given as a parameter; nothing where tenants
    /// share the streams. The parameter must be the last one: there it is none.
    /// </summary>
    public string And(string table, int parameter) =>
        IsConjoined ? $" AND {table}.tenant_id {Own.Equal} ${parameter}" : "";

    /// <summary>
    /// The same for a table of events. Where each tenant has partitions of its own it is told as a literal: a plan for
    /// any tenant would open the partitions of all.
    /// </summary>
    public string AndOwn(string table, int parameter) =>
        HasPartitions ? $" AND {table}.tenant_id {Own.Equal} {SqlText.Literal(Tenant)}" : And(table, parameter);

    /// <summary>The condition that two tables tell of the same tenant.</summary>
    public string AndSame(string one, string other) =>
        IsConjoined ? $" AND {one}.tenant_id {Own.Equal} {other}.tenant_id" : "";

    /// <summary>The name under which the database remembers something of this tenant's.</summary>
    public string Named(string name) => IsConjoined ? $"tenant {Tenant.Length}:{Tenant} {name}" : name;
}
