namespace MartenEventing.Schema;

/// <summary>What names a stream.</summary>
public enum StreamIdentity
{
    /// <summary>A uuid; the default.</summary>
    Guid,

    /// <summary>A text.</summary>
    String,
}
