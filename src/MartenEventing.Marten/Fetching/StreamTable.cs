using Marten;
using MartenEventing.Marten.Modeling;
using Weasel.Postgresql;
using EventTenancy = JasperFx.MultiTenancy.TenancyStyle;

namespace MartenEventing.Marten.Fetching;

/// <summary>What mt_streams tells of a stream.</summary>
/// <param name="Name">The table, as it is written in SQL.</param>
/// <param name="IsConjoined">Whether each tenant has streams of its own.</param>
internal sealed record StreamTable(string Name, bool IsConjoined)
{
    public static StreamTable Of(StoreOptions options) => new(
        SqlText.Quote(StoreConfiguration.SchemaNameOf(options)) + ".mt_streams",
        options.Events.TenancyStyle == EventTenancy.Conjoined);

    /// <summary>Asks for version, birth and last change.</summary>
    public void Ask<TId>(ICommandBuilder builder, TId id, string tenant)
    {
        builder.Append($"select s.version, s.created, s.timestamp from {Name} s where s.id = ");
        builder.AppendParameter(id);
        if (!IsConjoined)
            return;
        builder.Append(" and s.tenant_id = ");
        builder.AppendParameter(tenant);
    }
}
