namespace MartenEventing.Benchmarks;

/// <summary>The two that are compared.</summary>
internal enum Side
{
    /// <summary>Marten's own layout: one table, one unique index, a foreign key.</summary>
    Plain,

    /// <summary>Ours.</summary>
    Partitioned,
}
