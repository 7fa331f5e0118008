namespace MartenEventing.Conversion;

/// <summary>How far a conversion has come.</summary>
public enum ConversionState
{
    /// <summary>No conversion is under way.</summary>
    None,

    /// <summary>Indexes and guard are being made on the plain table; the application notices nothing.</summary>
    Preparing,

    /// <summary>Both copies are written, and the events from before are being copied (shadow).</summary>
    Backfilling,

    /// <summary>The copy is whole and like the plain table, and is about to take its place (shadow).</summary>
    Verified,

    /// <summary>The store is partitioned; the way back to the exact plain table is known.</summary>
    Attached,

    /// <summary>
    /// The store is partitioned; the plain table is kept up and takes its place again at a rollback (shadow).
    /// </summary>
    Switched,

    /// <summary>The store is partitioned, and what only splitting and the way back need is gone.</summary>
    Completed,

    /// <summary>The table is plain again; what is left of the conversion is still being removed.</summary>
    Returning,

    /// <summary>The store is plain again.</summary>
    Returned,
}
