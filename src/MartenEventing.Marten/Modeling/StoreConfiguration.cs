using System.Text;
using JasperFx.MultiTenancy;
using Marten;
using MartenEventing.Schema;
using Weasel.Postgresql.Tables;
using MartenStreamIdentity = JasperFx.Events.StreamIdentity;

namespace MartenEventing.Marten.Modeling;

/// <summary>What of a store's configuration matters to its partitions.</summary>
internal static class StoreConfiguration
{
    /// <summary>Refuses what cannot work.</summary>
    /// <exception cref="IncompatibleEventsException">A setting cannot be combined with partitions by time.</exception>
    public static void RequireCompatible(StoreOptions options, TimePartitionedEvents partitioned)
    {
        var events = options.Events;
        Refuse(events.UseArchivedStreamPartitioning, nameof(events.UseArchivedStreamPartitioning),
            "it partitions the same tables by is_archived.",
            "Leave it off: old months go by retention, archived streams with them.");
        Refuse(events.UseTenantPartitionedEvents, nameof(events.UseTenantPartitionedEvents),
            "it partitions the same tables by tenant_id.",
            "Leave it off: conjoined tenants share the months or, with ByTenant of UseTimePartitionedEvents, have " +
            "their own.");
        Refuse(partitioned.ByTenant && events.TenancyStyle != TenancyStyle.Conjoined, nameof(events.TenancyStyle),
            "tenants can have partitions of their own only where they have streams of their own.",
            "Set it to Conjoined, or leave ByTenant off.");
        Refuse(events.EnableUniqueIndexOnEventId, nameof(events.EnableUniqueIndexOnEventId),
            "no unique index of a partitioned table can do without the timestamp.",
            "Leave it off; for idempotent appends give the stream an expected version.");
    }

    /// <summary>
    /// Refuses indexes that cannot be made: asked of the model, because older Martens do not have the setting. Returns
    /// the table.
    /// </summary>
    /// <exception cref="IncompatibleEventsException">An index is to be built concurrently.</exception>
    public static Table RequireCompatible(Table plain)
    {
        Refuse(plain.Indexes.Any(index => index.IsConcurrent), "BuildHStoreTagIndexConcurrently",
            "PostgreSQL builds no index of a partitioned table concurrently.",
            "Leave it off; to spare a large store the lock, make idx_mt_events_tags partition by partition beforehand, "
            + "as db/optional/query_indexes.sql does with its indexes.");
        return plain;
    }

    /// <summary>The store as the engine describes it.</summary>
    public static SchemaOptions SchemaOf(StoreOptions options, TimePartitionedEvents events) => new SchemaOptions
    {
        SchemaName = SchemaNameOf(options),
        StreamIdentity = options.Events.StreamIdentity == MartenStreamIdentity.AsGuid
            ? StreamIdentity.Guid
            : StreamIdentity.String,
        Tenancy = options.Events.TenancyStyle == TenancyStyle.Conjoined ? EventTenancy.Conjoined : EventTenancy.Single,
        PartitionByTenant = events.ByTenant,
        Period = events.Period,
    }.Validated();

    /// <summary>The schema of the events as the server has it, which cuts a name that is too long.</summary>
    public static string SchemaNameOf(IReadOnlyStoreOptions options)
    {
        var name = options.Events.DatabaseSchemaName;
        while (Encoding.UTF8.GetByteCount(name) > SchemaOptions.LongestIdentifier)
            name = name[..^1];
        return name;
    }

    private static void Refuse(bool isOn, string setting, string reason, string wayOut)
    {
        if (isOn)
            throw new IncompatibleEventsException("Events." + setting, reason, wayOut);
    }
}
