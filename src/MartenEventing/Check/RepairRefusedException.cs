namespace MartenEventing.Check;

/// <summary>A store cannot be repaired now. Nothing was changed.</summary>
public sealed class RepairRefusedException : MartenEventingException
{
    private RepairRefusedException(string schemaName, string message)
        : base(message) => SchemaName = schemaName;

    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; }

    internal static RepairRefusedException Busy(string schemaName) => new(
        schemaName,
        $"The event store in schema \"{schemaName}\" is maintained by another process. Try again when it has ended.");

    internal static RepairRefusedException Subscribed(string schemaName, IEnumerable<string> subscriptions) => new(
        schemaName,
        $"Subscriptions write into the event store in schema "
        + $"\"{schemaName}\": {string.Join(", ", subscriptions)}. What they "
        + "have not brought yet looks as if it were missing, and what a repair adds could be in their way. Let them "
        + "catch up, then ALTER SUBSCRIPTION ... DISABLE, or drop them, and try again.");
}
