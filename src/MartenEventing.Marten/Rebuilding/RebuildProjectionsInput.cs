using JasperFx.CommandLine;

namespace MartenEventing.Marten.Rebuilding;

/// <summary>What `rebuild-projections` takes.</summary>
public sealed class RebuildProjectionsInput : NetCoreInput
{
    /// <summary>The projection; all when it is not given.</summary>
    [Description("The projection to rebuild; all when it is not given")]
    public string? ProjectionFlag { get; set; }

    /// <summary>The store; all when it is not given.</summary>
    [Description("The store, by its type or by its name; all when it is not given")]
    public string? StoreFlag { get; set; }

    /// <summary>Only say what is missing.</summary>
    [Description("Only look whether the history is complete; exit code 1 when it is not")]
    [FlagAlias("check", longAliasOnly: true)]
    public bool CheckFlag { get; set; }

    /// <summary>Rebuild from what is left.</summary>
    [Description("Rebuild although retention has removed a part of the history")]
    [FlagAlias("allow-truncated", longAliasOnly: true)]
    public bool AllowTruncatedFlag { get; set; }

    /// <summary>The longest time for one projection in one database.</summary>
    [Description("How many minutes one projection may take in one database; 60 when it is not given")]
    [FlagAlias("timeout-minutes", longAliasOnly: true)]
    public int TimeoutMinutesFlag { get; set; } = 60;
}
