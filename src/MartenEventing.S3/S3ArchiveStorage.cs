using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using MartenEventing.PartitionArchive;

namespace MartenEventing.S3;

/// <summary>
/// Partition archives in an S3-compatible store: an object for each file. An object appears whole or not at all, and is
/// as durable as the store promises once it has answered.
/// </summary>
public sealed class S3ArchiveStorage : IArchiveStorage, IDisposable
{
    private const string Writer = "marten-eventing-writer";
    private const int ConflictRounds = 5;

    private readonly IAmazonS3 _client;
    private readonly S3Location _location;
    private readonly bool _ownsClient;

    /// <summary>Prepares, with a client of the application's, which it does not dispose of.</summary>
    /// <param name="client">The client.</param>
    /// <param name="location">Where the archives lie.</param>
    public S3ArchiveStorage(IAmazonS3 client, S3Location location)
        : this(client, location, ownsClient: false)
    {
    }

    private S3ArchiveStorage(IAmazonS3 client, S3Location location, bool ownsClient)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(location);
        (_client, _location, _ownsClient) = (client, location, ownsClient);
    }

    /// <summary>As <c>s3://bucket/prefix</c>.</summary>
    public string Location => _location.ToString();

    /// <summary>Prepares, with a client of its own and keys of the AWS chain; nothing is sent yet.</summary>
    /// <param name="location">Where the archives lie: <c>s3://bucket/prefix</c>.</param>
    /// <param name="options">How the store is reached. Default: AWS, by the AWS chain.</param>
    /// <exception cref="FormatException">The text is no such place.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static S3ArchiveStorage Open(string location, S3ArchiveOptions? options = null) => new(
        new AmazonS3Client(S3Client.Configure((options ?? new S3ArchiveOptions()).Validated())),
        S3Location.Parse(location),
        ownsClient: true);

    /// <inheritdoc />
    /// <exception cref="IOException">The store refused, or was not to be reached.</exception>
    public async IAsyncEnumerable<StoredFile> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ListObjectsV2Request { BucketName = _location.Bucket, Prefix = _location.Prefix + prefix };
        ListObjectsV2Response page;
        do
        {
            page = await CallAsync("", () => _client.ListObjectsV2Async(request, cancellationToken));
            foreach (var item in page.S3Objects ?? [])
                if (item.Key[_location.Prefix.Length..] is var key && key.Split('/') is [_, { Length: > 0 }]
                    or [{ Length: > 0 }])
                    yield return new StoredFile(key, item.Size ?? 0);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    /// <inheritdoc />
    /// <exception cref="IOException">The store refused, or was not to be reached.</exception>
    public async Task<Stream?> OpenReadAsync(
        string key, long offset, long length, CancellationToken cancellationToken = default)
    {
        var part = new S3Part(this, key, offset, length);
        return await part.OpenAsync(cancellationToken) ? part : null;
    }

    /// <inheritdoc />
    /// <exception cref="IOException">The store refused, or was not to be reached.</exception>
    public async Task<bool> WriteAsync(
        string key, ReadOnlyMemory<byte> content, bool replace, CancellationToken cancellationToken = default)
    {
        var writer = Guid.NewGuid().ToString("N");
        for (var round = 1; ; round++)
        {
            try
            {
                await CallAsync(
                    key, () => _client.PutObjectAsync(Put(key, content, replace, writer), cancellationToken));
                return true;
            }
            catch (IOException error) when (StatusOf(error) == HttpStatusCode.PreconditionFailed && !replace)
            {
                return await IsOursAsync(key, writer, cancellationToken);
            }
            catch (IOException error) when (StatusOf(error) == HttpStatusCode.Conflict && round < ConflictRounds)
            {
                // Somebody else writes this key at the moment: after that there is one, or there is not.
                await Task.Delay(TimeSpan.FromMilliseconds(100 * round), cancellationToken);
            }
        }
    }

    /// <inheritdoc />
    /// <exception cref="IOException">The store refused, or was not to be reached.</exception>
    public Task DeleteAsync(string key, CancellationToken cancellationToken = default) => CallAsync(
        key, () => _client.DeleteObjectAsync(_location.Bucket, _location.Prefix + key, cancellationToken));

    /// <summary>Disposes of the client, if it is its own.</summary>
    public void Dispose()
    {
        if (_ownsClient)
            _client.Dispose();
    }

    /// <summary>The object from this byte on, of this version if one is given; null when there is none.</summary>
    internal async Task<GetObjectResponse?> GetAsync(
        string key, long first, long last, string? version, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(key, () => _client.GetObjectAsync(
                new GetObjectRequest
                {
                    BucketName = _location.Bucket, Key = _location.Prefix + key, ByteRange = new ByteRange(first, last),
                    EtagToMatch = version,
                },
                cancellationToken));
        }
        catch (IOException error) when (StatusOf(error) == HttpStatusCode.NotFound && CodeOf(error) != "NoSuchBucket")
        {
            return null;
        }
    }

    internal static HttpStatusCode? StatusOf(IOException error) =>
        (error.InnerException as AmazonServiceException)?.StatusCode;

    private static string? CodeOf(IOException error) => (error.InnerException as AmazonServiceException)?.ErrorCode;

    private PutObjectRequest Put(string key, ReadOnlyMemory<byte> content, bool replace, string writer)
    {
        var request = new PutObjectRequest
        {
            BucketName = _location.Bucket,
            Key = _location.Prefix + key,
            InputStream = new MemoryStream(content.ToArray(), writable: false),
            ContentType = key.EndsWith(".json", StringComparison.Ordinal) ? "application/json"
                : "application/octet-stream",
            ChecksumSHA256 = Convert.ToBase64String(SHA256.HashData(content.Span)),
            UseChunkEncoding = false,
            IfNoneMatch = replace ? null : "*",
        };
        request.Metadata.Add(Writer, writer);
        return request;
    }

    /// <summary>A write whose answer was lost is tried again, and finds what it has written itself.</summary>
    private async Task<bool> IsOursAsync(string key, string writer, CancellationToken cancellationToken)
    {
        var found = await CallAsync(key, () => _client.GetObjectMetadataAsync(
            _location.Bucket, _location.Prefix + key, cancellationToken));
        return found.Metadata[Writer] == writer;
    }

    /// <summary>
    /// Failures of the store as what a folder would throw, with the object's name and the store's words.
    /// </summary>
    private async Task<T> CallAsync<T>(string key, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AmazonServiceException error)
        {
            throw new IOException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Name(key)}: the store answers {(int)error.StatusCode} {error.ErrorCode}: {error.Message}"),
                error);
        }
        catch (Exception error) when (error is AmazonClientException or HttpRequestException or IOException)
        {
            throw new IOException($"{Name(key)}: the store was not to be reached: {error.Message}", error);
        }
    }

    private string Name(string key) => $"s3://{_location.Bucket}/{_location.Prefix}{key}";
}
