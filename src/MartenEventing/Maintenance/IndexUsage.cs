namespace MartenEventing.Maintenance;

/// <summary>Size and use of an index since the server's statistics were last reset.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Index">Its name.</param>
/// <param name="IsValid">False for one that an interrupted REINDEX CONCURRENTLY has left.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Scans">How often it was used.</param>
/// <param name="EntriesRead">Entries read.</param>
/// <param name="RowsFetched">Rows that were found by them.</param>
/// <param name="EffectivenessPercent">The second in percent of the first; null before any was read.</param>
public sealed record IndexUsage(
    string Table,
    string Index,
    bool IsValid,
    long Bytes,
    long Scans,
    long EntriesRead,
    long RowsFetched,
    double? EffectivenessPercent);
