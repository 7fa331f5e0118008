using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace MartenEventing.S3;

/// <summary>What the AWS client is told.</summary>
internal static class S3Client
{
    /// <summary>
    /// Checksums beyond the one that is given with each object are left to AWS's own stores: others know fewer kinds.
    /// </summary>
    public static AmazonS3Config Configure(S3ArchiveOptions options)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle ?? options.Endpoint is not null,
            MaxErrorRetry = options.Retries,
            Timeout = options.Timeout,
            RetryMode = RequestRetryMode.Standard,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
            config.AuthenticationRegion = options.Region ?? "us-east-1";
        }
        else if (options.Region is { } region)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        return config;
    }
}
