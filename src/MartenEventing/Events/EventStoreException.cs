namespace MartenEventing.Events;

/// <summary>
/// What an event store refuses, with the names and values in properties. Faults of the connection are not of this
/// family.
/// </summary>
public abstract class EventStoreException : MartenEventingException
{
    private protected EventStoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
