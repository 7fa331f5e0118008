namespace MartenEventing.Schema;

/// <summary>
/// For COPY, which takes as long as there are rows; triggers or sorting may take it between two of them.
/// </summary>
internal static class CopyStream
{
    /// <summary>Lifts the timeout that a stream has from the connection string; cancelling still ends it.</summary>
    public static void WithoutTimeout(this Stream copy) =>
        (copy.ReadTimeout, copy.WriteTimeout) = (Timeout.Infinite, Timeout.Infinite);
}
