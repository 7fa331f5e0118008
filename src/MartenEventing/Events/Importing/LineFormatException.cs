namespace MartenEventing.Events.Importing;

/// <summary>A line is no event; the message is the reason, and begins in lower case.</summary>
internal sealed class LineFormatException(string reason) : Exception(reason);
