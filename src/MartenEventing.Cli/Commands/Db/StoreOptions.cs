using System.CommandLine;
using MartenEventing.Schema;

namespace MartenEventing.Cli.Commands.Db;

/// <summary>The options that say what kind of store to set up.</summary>
internal static class StoreOptions
{
    public static readonly Option<StoreLayout?> Layout = CommonOptions.OneOf<StoreLayout>(
        "--layout", "How the events lie in the database. Default: partitioned.");

    public static readonly Option<StreamIdentity?> StreamIdentity = CommonOptions.OneOf<StreamIdentity>(
        "--stream-identity", "What names a stream. Default: what the store has, else guid.");

    public static readonly Option<EventTenancy?> Tenancy = CommonOptions.OneOf<EventTenancy>(
        "--tenancy",
        "Whether tenants share the streams, or each has streams of its own. Default: what the store has, else single.");

    public static readonly Option<PartitionPeriod?> Period = CommonOptions.OneOf<PartitionPeriod>(
        "--period", "The period of the first partitions. Default: month.");

    public static readonly Option<PartitionedBy?> PartitionBy = CommonOptions.OneOf<PartitionedBy>(
        "--partition-by",
        "Whether the tenants share the partitions, or each has partitions of its own; needs --tenancy conjoined. "
        + "Default: what the store has, else time.");

    /// <summary>The options as given; what is not given follows the store, where there is one.</summary>
    public static SchemaOptions Read(CommandContext context, StoreShape? found = null) => new()
    {
        SchemaName = context.Schema,
        StreamIdentity = context.Get(StreamIdentity) ?? found?.StreamIdentity ?? Schema.StreamIdentity.Guid,
        Tenancy = context.Get(Tenancy) ?? found?.Tenancy ?? EventTenancy.Single,
        Layout = context.Get(Layout) ?? StoreLayout.Partitioned,
        PartitionByTenant = context.Get(PartitionBy) is { } by
            ? by == PartitionedBy.Tenant
            : found?.IsPartitionedByTenant ?? false,
        Period = context.Get(Period) ?? PartitionPeriod.Month,
    };
}
