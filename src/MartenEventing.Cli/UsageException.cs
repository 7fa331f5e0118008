namespace MartenEventing.Cli;

/// <summary>The command was called in a way that cannot work. The message says what to type instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
