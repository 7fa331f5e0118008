namespace MartenEventing.Cli.Tests.Docs;

/// <summary>What a verb finds when it is run.</summary>
internal enum StoreKind
{
    /// <summary>An empty database.</summary>
    None,

    /// <summary>A plain store with two streams.</summary>
    Plain,

    /// <summary>The same, converted up to the swap.</summary>
    Attached,

    /// <summary>A store with two streams of six months ago, a hold, and nothing in the folder of archives.</summary>
    OldBeforeArchiving,

    /// <summary>The same, whose sequence belongs to no column, as a restore may leave it.</summary>
    WithoutSequence,

    /// <summary>The one before archiving, and an archive of that month in the folder.</summary>
    Old,

    /// <summary>The same, and the month has gone.</summary>
    Expired,
}
