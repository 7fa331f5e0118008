using MartenEventing.Events.Connecting;
using MartenEventing.Schema;

namespace MartenEventing.Events.Reading;

/// <summary>
/// A partition as a part of all events: those of its time and, where each tenant has partitions of its own, of its
/// tenant. They are read from mt_events, so that the reader's rights and the policies of that table hold, and with the
/// bounds as literals, so that the planner leaves all other partitions out once and for all.
/// </summary>
/// <param name="Oid">Its identity in the catalogs.</param>
/// <param name="From">Start of its interval; <see cref="DateTimeOffset.MinValue"/> when open.</param>
/// <param name="To">End of its interval, exclusive; <see cref="DateTimeOffset.MaxValue"/> when open.</param>
/// <param name="Sealed">The sequences it holds, when it is sealed.</param>
/// <param name="Scope">Whose events are read.</param>
internal sealed record Leaf(
    uint Oid, DateTimeOffset From, DateTimeOffset To, (long First, long Last)? Sealed, TenantScope Scope)
{
    private string? _alone;
    private string? _withVersion;
    private string? _withLife;

    /// <summary>True when it has no bounds: all events, however they are partitioned.</summary>
    public bool IsWhole => From == DateTimeOffset.MinValue && To == DateTimeOffset.MaxValue;

    /// <summary>All events.</summary>
    public static Leaf Whole(TenantScope scope) =>
        new(0, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, null, scope);

    /// <summary>
    /// Events of a stream ($1), where need be of a tenant ($4), from a version ($2) to another ($3), in no order.
    /// </summary>
    public string StreamSql(string schema) => _alone ??=
        $"""
         SELECT {EventColumns.List}
           FROM {schema}mt_events e WHERE e.stream_id {Own.Equal} $1 AND e.version {Own.AtLeast} $2
               AND e.version {Own.AtMost} $3{AndWithin(4)}
         """;

    /// <summary>
    /// The same with the stream's version in front; one row without an event when this leaf holds none.
    /// </summary>
    public string StreamSqlWithVersion(string schema) => _withVersion ??=
        $"""
         SELECT s.version, {EventColumns.List}
           FROM {schema}mt_streams s
           LEFT JOIN {schema}mt_events e
                ON e.stream_id {Own.Equal} s.id AND e.version {Own.AtLeast} $2
                    AND e.version {Own.AtMost} $3{AndWithin(4)}
          WHERE s.id {Own.Equal} $1{Scope.And("s", 4)}
         """;

    /// <summary>The same with the stream's life in front.</summary>
    public string StreamSqlWithLife(string schema, bool seesBounds) => _withLife ??=
        $"""
         SELECT {StreamLife.Columns}, {EventColumns.List}
           FROM {StreamLife.From(schema, Scope, seesBounds)}
           LEFT JOIN {schema}mt_events e
                ON e.stream_id {Own.Equal} s.id AND e.version {Own.AtLeast} $2
                    AND e.version {Own.AtMost} $3{AndWithin(4)}
          WHERE s.id {Own.Equal} $1{Scope.And("s", 4)}
         """;

    /// <summary>
    /// The condition that an event <c>e</c> lies in it; the parameter is what <see cref="TenantScope.And"/> asks for.
    /// </summary>
    public string AndWithin(int parameter) => Scope.AndOwn("e", parameter)
        + (From == DateTimeOffset.MinValue ? "" : $" AND e.timestamp {Own.AtLeast} {SqlText.Literal(From)}")
        + (To == DateTimeOffset.MaxValue ? "" : $" AND e.timestamp {Own.Less} {SqlText.Literal(To)}");
}
