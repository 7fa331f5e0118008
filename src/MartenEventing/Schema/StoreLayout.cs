namespace MartenEventing.Schema;

/// <summary>How the events of a store lie in the database.</summary>
public enum StoreLayout
{
    /// <summary><c>mt_events</c> is partitioned by RANGE on <c>timestamp</c>; the default.</summary>
    Partitioned,

    /// <summary><c>mt_events</c> is one table, as Marten makes it.</summary>
    Plain,
}
