namespace MartenEventing.Load.Writing;

/// <summary>Another writer has appended to the stream: what Marten makes a concurrency exception of.</summary>
internal sealed class LostStreamException : Exception;
