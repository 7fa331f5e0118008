namespace MartenEventing.Schema;

/// <summary>Who may call the functions of <c>db/functions</c>: see also <c>mt_entry_points</c>.</summary>
internal static class FunctionRights
{
    /// <summary>
    /// Those that everybody may call, because PostgreSQL calls them for whoever plans a query of <c>mt_events</c> or
    /// writes to it, and Marten for whoever reads a stream. They run with the caller's rights and tell nothing that is
    /// not told anyway.
    /// </summary>
    public static IReadOnlyList<string> OpenToPublic { get; } =
        ["mt_claim_withdrawn", "mt_stream_events", "mt_vouched"];
}
