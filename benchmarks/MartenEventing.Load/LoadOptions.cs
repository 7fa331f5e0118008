namespace MartenEventing.Load;

/// <summary>How an application at work is imitated.</summary>
internal sealed record LoadOptions
{
    /// <summary>The schema of the store.</summary>
    public string SchemaName { get; init; } = "public";

    /// <summary>Concurrent writers; every second one appends as Marten's Rich mode does, the others as Quick.</summary>
    public int Writers { get; init; } = 8;

    /// <summary>Readers of whole streams.</summary>
    public int StreamReaders { get; init; } = 2;

    /// <summary>How long each writer and reader rests after each call.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The tenant of all that is written.</summary>
    public string Tenant { get; init; } = "*DEFAULT*";

    /// <summary>The schema as it precedes a name.</summary>
    public string Schema => "\"" + SchemaName.Replace("\"", "\"\"", StringComparison.Ordinal) + "\".";
}
