using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static System.Globalization.CultureInfo;

namespace MartenEventing.S3.Tests;

/// <summary>
/// The part of S3 that archives need, in memory: conditional writes, ranges, checksums, pages of lists; and failures at
/// will.
/// </summary>
internal sealed class S3Server : IAsyncDisposable
{
    public const string KeyId = "tester";
    public const string Bucket = "archives";

    private readonly ConcurrentDictionary<string, S3Object> _objects = new(StringComparer.Ordinal);
    private readonly WebApplication _host;
    private int _requests;

    private S3Server(WebApplication host) => _host = host;

    public Uri Endpoint =>
        new(_host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Asked for each request: its method, its key and its number.</summary>
    public Func<string, string, int, S3Failure> Fails { get; set; } = (_, _, _) => S3Failure.None;

    public int Requests => _requests;

    public static async Task<S3Server> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(
            kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var host = builder.Build();
        var server = new S3Server(host);
        host.Run(server.HandleAsync);
        await host.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!.TrimStart('/');
        var failure = Fails(context.Request.Method, path, Interlocked.Increment(ref _requests));
        if (failure == S3Failure.CutBefore)
        {
            context.Abort();
            return;
        }

        if (failure == S3Failure.Internal)
            await RefuseAsync(context, 500, "InternalError");
        else if (failure == S3Failure.SlowDown)
            await RefuseAsync(context, 503, "SlowDown");
        else if (!context.Request.Headers.Authorization.ToString().Contains(
            $"Credential={KeyId}/", StringComparison.Ordinal))
            await RefuseAsync(context, 403, "InvalidAccessKeyId");
        else if (path.Split('/')[0] != Bucket)
            await RefuseAsync(context, 404, "NoSuchBucket");
        else
            await (context.Request.Method switch
            {
                "PUT" => PutAsync(context, path, failure),
                "GET" when context.Request.Query.ContainsKey("list-type") => ListAsync(context),
                "GET" or "HEAD" => GetAsync(context, path, failure),
                "DELETE" => DeleteAsync(context, path, failure),
                _ => RefuseAsync(context, 405, "MethodNotAllowed"),
            });
    }

    private async Task PutAsync(HttpContext context, string key, S3Failure failure)
    {
        var headers = context.Request.Headers;
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var content = body.ToArray();
        var digest = SHA256.HashData(content);
        if (headers["x-amz-content-sha256"] != Convert.ToHexStringLower(digest)
            || headers["x-amz-checksum-sha256"] != Convert.ToBase64String(digest))
        {
            await RefuseAsync(context, 400, "BadDigest");
            return;
        }

        var made = new S3Object(
            content, headers.Where(h => h.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(h => h.Key, h => h.Value.ToString()));
        if (headers.IfNoneMatch != "*")
            _objects[key] = made;
        else if (!_objects.TryAdd(key, made))
        {
            await RefuseAsync(context, 412, "PreconditionFailed");
            return;
        }

        context.Response.Headers.ETag = made.ETag;
        if (failure == S3Failure.CutAfter)
            context.Abort();
    }

    private async Task GetAsync(HttpContext context, string key, S3Failure failure)
    {
        if (!_objects.TryGetValue(key, out var found))
        {
            await RefuseAsync(context, 404, "NoSuchKey");
            return;
        }

        if (context.Request.Headers.IfMatch is [{ } version] && version != found.ETag)
        {
            await RefuseAsync(context, 412, "PreconditionFailed");
            return;
        }

        var (first, last) = RangeOf(context.Request, found.Content.Length);
        if (first >= found.Content.Length && first > 0)
        {
            await RefuseAsync(context, 416, "InvalidRange");
            return;
        }

        var part = found.Content.AsMemory(first, Math.Max(0, last - first + 1));
        context.Response.StatusCode = context.Request.Headers.Range.Count > 0 ? 206 : 200;
        context.Response.ContentLength = part.Length;
        context.Response.Headers.ETag = found.ETag;
        context.Response.Headers.LastModified = DateTimeOffset.UtcNow.ToString("R", InvariantCulture);
        foreach (var (name, value) in found.Metadata)
            context.Response.Headers[name] = value;
        if (context.Request.Method == "HEAD")
            return;
        await context.Response.Body.WriteAsync(failure == S3Failure.CutWithin ? part[..(part.Length / 2)] : part);
        if (failure == S3Failure.None)
            return;
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private Task DeleteAsync(HttpContext context, string key, S3Failure failure)
    {
        _objects.TryRemove(key, out _);
        context.Response.StatusCode = 204;
        if (failure != S3Failure.None)
            context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>At most 1,000 keys, and a token to go on with: the last one.</summary>
    private Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var keys = _objects.Keys.Select(key => key[(Bucket.Length + 1)..])
            .Where(key => key.StartsWith(query["prefix"].ToString(), StringComparison.Ordinal)
                && string.CompareOrdinal(key, query["continuation-token"].ToString()) > 0)
            .Order(StringComparer.Ordinal).Take(1001).ToList();
        var page = keys.Take(1000).ToList();
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(
            $"""
             <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>{Bucket}</Name>
             <IsTruncated>{(keys.Count > 1000 ? "true" : "false")}</IsTruncated>
             {(keys.Count > 1000 ? $"<NextContinuationToken>{page[^1]}</NextContinuationToken>" : "")}
             {string.Concat(page.Select(key => string.Create(InvariantCulture,
                 $"<Contents><Key>{key}</Key><Size>{_objects[$"{Bucket}/{key}"].Content.Length}</Size></Contents>")))}
             </ListBucketResult>
             """);
    }

    private static (int First, int Last) RangeOf(HttpRequest request, int length)
    {
        if (request.GetTypedHeaders().Range?.Ranges.SingleOrDefault() is not { } range)
            return (0, length - 1);
        return ((int)range.From!.Value, (int)Math.Min(range.To ?? long.MaxValue, length - 1));
    }

    private static Task RefuseAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        return context.Request.Method == "HEAD"
            ? Task.CompletedTask
            : context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>So it was wanted.</Message></Error>");
    }
}
