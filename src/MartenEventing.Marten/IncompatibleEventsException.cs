namespace MartenEventing.Marten;

/// <summary>
/// The store's configuration, or the table that is in the database, cannot go together with partitioning by time.
/// Nothing was changed.
/// </summary>
public sealed class IncompatibleEventsException : MartenEventingException
{
    internal IncompatibleEventsException(string setting, string reason, string wayOut)
        : base($"{setting} cannot be combined with {nameof(StoreOptionsExtensions.UseTimePartitionedEvents)}: "
            + $"{reason} Nothing was changed. {wayOut}")
    {
        Setting = setting;
    }

    /// <summary>The setting, or what in the database stands in the way.</summary>
    public string Setting { get; }
}
