namespace MartenEventing.Events;

/// <summary>Somebody else is importing the same source.</summary>
public sealed class ImportInProgressException : EventStoreException
{
    internal ImportInProgressException(string source, string? heldBy)
        : base($"Another import of source \"{source}\" is under "
            + $"way{(heldBy is null ? "" : $", by {heldBy}")}. Wait for it to "
            + "end; or, if this is other data, "
            + "give it a name of its own (--source NAME).") =>
        ImportSource = source;

    /// <summary>The name under which the import is remembered.</summary>
    public string ImportSource { get; }
}
