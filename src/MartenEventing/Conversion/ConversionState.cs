namespace MartenEventing.Conversion;

/// <summary>How far a conversion has come.</summary>
public enum ConversionState
{
    /// <summary>No conversion is under way.</summary>
    None,

    /// <summary>Indexes and guard are being made on the plain table; the application notices nothing.</summary>
    Preparing,

    /// <summary>The store is partitioned; the way back to the exact plain table is known.</summary>
    Attached,

    /// <summary>The store is partitioned, and what only splitting and the way back need is gone.</summary>
    Completed,

    /// <summary>The table is plain again; foreign keys are still being validated.</summary>
    Returning,

    /// <summary>The store is plain again.</summary>
    Returned,
}
