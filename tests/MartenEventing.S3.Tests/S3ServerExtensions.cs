using Amazon.Runtime;
using Amazon.S3;

namespace MartenEventing.S3.Tests;

/// <summary>Storages on a server.</summary>
internal static class S3ServerExtensions
{
    public static S3ArchiveStorage Storage(
        this S3Server server, string prefix, string keyId = S3Server.KeyId, string bucket = S3Server.Bucket) => new(
        new AmazonS3Client(
            new BasicAWSCredentials(keyId, "secret"),
            S3Client.Configure(new S3ArchiveOptions { Endpoint = server.Endpoint, Retries = 4 })),
        S3Location.Parse($"s3://{bucket}/{prefix}"));
}
