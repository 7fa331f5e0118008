namespace MartenEventing.Events.Connecting;

/// <summary>
/// PostgreSQL's own operators, whatever search_path the application has set: a bare = is looked up in it, and
/// somebody's own = for just these types would be the better match.
/// </summary>
internal static class Own
{
    public const string Equal = "OPERATOR(pg_catalog.=)";
    public const string Unequal = "OPERATOR(pg_catalog.<>)";
    public const string Less = "OPERATOR(pg_catalog.<)";
    public const string Greater = "OPERATOR(pg_catalog.>)";
    public const string AtMost = "OPERATOR(pg_catalog.<=)";
    public const string AtLeast = "OPERATOR(pg_catalog.>=)";
    public const string Minus = "OPERATOR(pg_catalog.-)";
    public const string Plus = "OPERATOR(pg_catalog.+)";
    public const string Concat = "OPERATOR(pg_catalog.||)";
}
