using System.Text;

namespace MartenEventing.PartitionArchive;

/// <summary>Which stream is to be erased from partition archives, and why.</summary>
public sealed record RedactionRequest
{
    /// <summary>The stream: its uuid (in lower case, with dashes) or its text.</summary>
    public required string Stream { get; init; }

    /// <summary>Its tenant. Default null: of whatever tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Why, kept in the manifest: 1 to 1,000 characters. It must not name what is erased.</summary>
    public required string Reason { get; init; }

    /// <summary>Who does it, kept in the manifest: 1 to 200 characters.</summary>
    public required string By { get; init; }

    /// <summary>What is digested, so that the manifest tells that it was this stream without naming it.</summary>
    internal byte[] Name => Encoding.UTF8.GetBytes($"{Tenant}\n{Stream}");

    internal RedactionRequest Validated()
    {
        Require(Stream, nameof(Stream), int.MaxValue);
        Require(Reason, nameof(Reason), 1000);
        Require(By, nameof(By), 200);
        return this;
    }

    private static void Require(string? value, string option, int most)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > most)
            throw new ArgumentException(
                $"{nameof(RedactionRequest)}.{option} has {value?.Length ?? 0} characters. Allowed: 1 to {most}.",
                option);
    }
}
