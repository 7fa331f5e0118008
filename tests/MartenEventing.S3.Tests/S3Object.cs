namespace MartenEventing.S3.Tests;

/// <summary>An object as the server keeps it.</summary>
internal sealed record S3Object(byte[] Content, IReadOnlyDictionary<string, string> Metadata)
{
    public string ETag { get; } = $"\"{Guid.NewGuid():N}\"";
}
