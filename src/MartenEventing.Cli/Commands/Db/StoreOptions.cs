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

    /// <summary>The options as given; what is not given follows the store, where there is one.</summary>
    public static SchemaOptions Read(CommandContext context, StoreShape? found = null) => new()
    {
        SchemaName = context.Schema,
        StreamIdentity = context.Get(StreamIdentity) ?? found?.StreamIdentity ?? Schema.StreamIdentity.Guid,
        Tenancy = context.Get(Tenancy) ?? found?.Tenancy ?? EventTenancy.Single,
        Layout = context.Get(Layout) ?? StoreLayout.Partitioned,
        Period = context.Get(Period) ?? PartitionPeriod.Month,
    };
}
