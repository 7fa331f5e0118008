namespace MartenEventing.Events.Importing;

/// <summary>The fields that a line may have.</summary>
[Flags]
internal enum ImportFields
{
    None = 0,
    Stream = 1,
    Type = 2,
    Timestamp = 4,
    Data = 8,
    CorrelationId = 16,
    CausationId = 32,
    UserName = 64,
    Headers = 128,
    Id = 256,

    /// <summary>Known, and given anew.</summary>
    Version = 512,

    /// <summary>Known, and given anew.</summary>
    Sequence = 1024,

    /// <summary>Those that no line may lack.</summary>
    Required = Stream | Type | Timestamp | Data,
}
