using System.Text;

namespace MartenEventing.Schema;

/// <summary>What kind of event store to set up, and where.</summary>
public sealed record SchemaOptions
{
    /// <summary>How many bytes of UTF-8 PostgreSQL keeps of a name.</summary>
    public const int LongestIdentifier = 63;

    /// <summary>
    /// The schema of the store; made when missing. 1 to 63 bytes of UTF-8 without quotes, <c>%</c>, <c>$</c>, backslash
    /// and control characters, not beginning with <c>pg_</c>. Default <c>public</c>.
    /// </summary>
    public string SchemaName { get; init; } = "public";

    /// <summary>What names a stream. Default <see cref="StreamIdentity.Guid"/>.</summary>
    public StreamIdentity StreamIdentity { get; init; } = StreamIdentity.Guid;

    /// <summary>Whether tenants share the streams. Default <see cref="EventTenancy.Single"/>.</summary>
    public EventTenancy Tenancy { get; init; } = EventTenancy.Single;

    /// <summary>How the events lie in the database. Default <see cref="StoreLayout.Partitioned"/>.</summary>
    public StoreLayout Layout { get; init; } = StoreLayout.Partitioned;

    /// <summary>
    /// Whether each tenant has partitions of its own; needs <see cref="EventTenancy.Conjoined"/> and
    /// <see cref="StoreLayout.Partitioned"/>. Default false: the tenants share them.
    /// </summary>
    public bool PartitionByTenant { get; init; }

    /// <summary>The period of the first partitions; without meaning for the plain layout. Default one month.</summary>
    public PartitionPeriod Period { get; init; } = PartitionPeriod.Month;

    /// <summary>Checks all options.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of its range; the message names it, its value and the range.
    /// </exception>
    public SchemaOptions Validated()
    {
        Require(SchemaName is not null && IsUsable(SchemaName), nameof(SchemaName), SchemaName,
            "1 to 63 bytes without quotes, %, $, \\ and control characters, not beginning with pg_");
        RequireDefined(StreamIdentity, nameof(StreamIdentity));
        RequireDefined(Tenancy, nameof(Tenancy));
        RequireDefined(Layout, nameof(Layout));
        RequireDefined(Period, nameof(Period));
        Require(!PartitionByTenant || (Tenancy == EventTenancy.Conjoined && Layout == StoreLayout.Partitioned),
            nameof(PartitionByTenant), PartitionByTenant, "false, unless Tenancy is Conjoined and Layout Partitioned");
        return this;
    }

    private static bool IsUsable(string name) =>
        Encoding.UTF8.GetByteCount(name) is > 0 and <= LongestIdentifier
        && !name.StartsWith("pg_", StringComparison.Ordinal)
        && name.AsSpan().IndexOfAny("\"'%$\\") < 0
        && !name.Any(char.IsControl);

    private static void RequireDefined<T>(T value, string option) where T : struct, Enum =>
        Require(Enum.IsDefined(value), option, value, string.Join(", ", Enum.GetNames<T>()));

    private static void Require(bool condition, string option, object? value, string allowed)
    {
        if (!condition)
            throw new ArgumentException(
                $"{nameof(SchemaOptions)}.{option} is \"{value}\". Allowed: {allowed}.", option);
    }
}
