namespace MartenEventing.Events;

/// <summary>A line of an import is no event. All lines before it are stored, none behind it.</summary>
public sealed class InvalidImportLineException : EventStoreException
{
    internal InvalidImportLineException(long lineNumber, string reason, string source, Exception? inner = null)
        : base($"Line {lineNumber} cannot be imported: {reason}", inner)
    {
        LineNumber = lineNumber;
        Reason = reason;
        ImportSource = source;
    }

    /// <summary>The number of the line, from 1 on.</summary>
    public long LineNumber { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }

    /// <summary>
    /// The name under which the lines before it are remembered. Given as <see cref="ImportOptions.Source"/>, the import
    /// of the mended input goes on at this line.
    /// </summary>
    public string ImportSource { get; }

    /// <summary>
    /// Whether <see cref="ImportOptions.SetAside"/> would have taken it. False when the input cannot be read on, such
    /// as a gzip file that was cut off.
    /// </summary>
    public bool CanBeSetAside { get; internal init; } = true;
}
