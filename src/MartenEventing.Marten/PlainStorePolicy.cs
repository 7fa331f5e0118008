namespace MartenEventing.Marten;

/// <summary>What an application does that finds its events in one plain table.</summary>
public enum PlainStorePolicy
{
    /// <summary>It stops with a <see cref="PlainEventStoreException"/>, before anything is changed.</summary>
    Refuse,

    /// <summary>
    /// It runs on the plain table, as Marten alone would, and on the partitioned one once that has been converted:
    /// deploy first, convert later.
    /// </summary>
    RunPlain,
}
