namespace MartenEventing;

/// <summary>
/// What all errors of this library derive from. Its message names what is wrong and what to do next; bad arguments and
/// options are an <see cref="ArgumentException"/> instead, what the server itself refuses a PostgresException.
/// </summary>
public abstract class MartenEventingException : Exception
{
    /// <summary>An error with its sentence and, where there is one, what it comes from.</summary>
    protected MartenEventingException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
