using MartenEventing.Events.Connecting;

namespace MartenEventing.Events.Reading;

/// <summary>A table of events that is read by its own name: a partition, or all of a plain store.</summary>
/// <param name="Oid">Its identity in the catalogs.</param>
/// <param name="Table">Its name with the schema, quoted.</param>
/// <param name="From">Start of its interval; <see cref="DateTimeOffset.MinValue"/> when open.</param>
/// <param name="To">End of its interval, exclusive; <see cref="DateTimeOffset.MaxValue"/> when open.</param>
/// <param name="Generation">
/// xmin of its pg_class row, which changes when it is attached, detached or renamed; null for a plain store.
/// </param>
/// <param name="Sealed">The sequences it holds, when it is sealed.</param>
/// <param name="Scope">Whose events are read.</param>
internal sealed record Leaf(
    uint Oid, string Table, DateTimeOffset From, DateTimeOffset To, uint? Generation, (long First, long Last)? Sealed,
    TenantScope Scope)
{
    private const string Versions = $" AND e.version {Own.AtLeast} $2 AND e.version {Own.AtMost} $3";

    private string? _withVersion;
    private string? _withLife;

    /// <summary>
    /// Generation and events of a stream ($1), where need be of a tenant ($4), from a version ($2) to another ($3), in
    /// no order.
    /// </summary>
    public string StreamSql => field ??=
        $"""
         SELECT {GenerationNow}, {EventColumns.List}
           FROM {Table} e WHERE e.stream_id {Own.Equal} $1{Versions}{Scope.And("e", 4)}
         """;

    /// <summary>
    /// Evaluated for the first event found: after the table was locked, and never when there is none.
    /// </summary>
    private string GenerationNow => Generation is null
        ? "NULL::pg_catalog.xid"
        : $"(SELECT c.xmin FROM pg_catalog.pg_class c WHERE c.oid {Own.Equal} {Oid} AND c.relispartition)";

    /// <summary>
    /// The same with the stream's version in front; one row without an event when this leaf holds none.
    /// </summary>
    public string StreamSqlWithVersion(string schema) => _withVersion ??=
        $"""
         SELECT s.version, {GenerationNow}, {EventColumns.List}
           FROM {schema}mt_streams s
           LEFT JOIN {Table} e
                ON e.stream_id {Own.Equal} s.id{Versions}{Scope.And("e", 4)}
          WHERE s.id {Own.Equal} $1{Scope.And("s", 4)}
         """;

    /// <summary>The same with the stream's life in front.</summary>
    public string StreamSqlWithLife(string schema) => _withLife ??=
        $"""
         SELECT {StreamLife.Columns}, {GenerationNow}, {EventColumns.List}
           FROM {schema}mt_streams s
           LEFT JOIN {schema}mt_stream_bounds b ON b.stream_id {Own.Equal} s.id{Scope.AndSame("b", "s")}
           LEFT JOIN {Table} e
                ON e.stream_id {Own.Equal} s.id{Versions}{Scope.And("e", 4)}
          WHERE s.id {Own.Equal} $1{Scope.And("s", 4)}
         """;
}
