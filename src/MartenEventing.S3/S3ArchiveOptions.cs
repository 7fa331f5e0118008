namespace MartenEventing.S3;

/// <summary>
/// How an S3-compatible store is reached. Keys are no option: they come from the AWS chain (the environment, a profile,
/// the role of the machine).
/// </summary>
public sealed record S3ArchiveOptions
{
    /// <summary>Where a store that is not AWS's listens: http or https. Default null: AWS, in the region.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>
    /// The region. Default null: that of the AWS chain; at an endpoint us-east-1, which is what most take.
    /// </summary>
    public string? Region { get; init; }

    /// <summary>
    /// Whether the bucket is named in the path and not in the host's name. Default null: true at an endpoint, false at
    /// AWS.
    /// </summary>
    public bool? PathStyle { get; init; }

    /// <summary>How often a call is tried again when it failed or was throttled: 0 to 20. Default 5.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>How long one attempt may take: 1 second to 1 hour. Default 2 minutes.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Checks all options.</summary>
    /// <exception cref="ArgumentException">
    /// An option is out of its range; the message names it, its value and the range.
    /// </exception>
    public S3ArchiveOptions Validated()
    {
        Require(
            Endpoint is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }, nameof(Endpoint), Endpoint,
            "an address that begins with http:// or https://, null");
        Require(Region is null or { Length: > 0 }, nameof(Region), Region, "a region's name, null");
        Require(Retries is >= 0 and <= 20, nameof(Retries), Retries, "0 to 20");
        Require(
            Timeout >= TimeSpan.FromSeconds(1) && Timeout <= TimeSpan.FromHours(1), nameof(Timeout), Timeout,
            "00:00:01 to 01:00:00");
        return this;
    }

    private static void Require(bool condition, string option, object? value, string allowed)
    {
        if (!condition)
            throw new ArgumentException(
                $"{nameof(S3ArchiveOptions)}.{option} is \"{value}\". Allowed: {allowed}.", option);
    }
}
