using System.Security.Cryptography;
using System.Text;
using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.S3.Tests;

/// <summary>What a bucket does that a folder does not: pages, ranges, lost answers, cut connections.</summary>
public sealed class S3ArchiveStorageTests
{
    [Fact]
    public async Task more_objects_are_listed_than_a_page_holds()
    {
        await using var server = await S3Server.StartAsync();
        using var storage = server.Storage("many");
        using var other = server.Storage("manyother");
        await other.WriteAsync("a/0", "x"u8.ToArray(), replace: true);
        await Parallel.ForAsync(0, 2100, async (i, _) =>
            await storage.WriteAsync($"a{i % 2}/{i:00000}", new byte[i % 7], replace: true));

        var all = await storage.ListAsync("").ToListAsync();

        (all.Count, all.Sum(file => file.Bytes)).ShouldBe((2100, Enumerable.Range(0, 2100).Sum(i => i % 7)));
        (await storage.ListAsync("a1/").CountAsync()).ShouldBe(1050);
        (await storage.ListAsync("b").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task of_many_writers_of_one_key_one_succeeds_and_its_object_is_kept()
    {
        await using var server = await S3Server.StartAsync();
        using var storage = server.Storage("");

        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
            await storage.WriteAsync("a/manifest.json", Encoding.UTF8.GetBytes($"writer {i}"), replace: false) ? i
                : -1));

        var winner = won.Single(i => i >= 0);
        (await storage.ReadAsync("a/manifest.json")).ShouldBe(Encoding.UTF8.GetBytes($"writer {winner}"));
        (await storage.WriteAsync("a/manifest.json", "new"u8.ToArray(), replace: true)).ShouldBeTrue();
        (await storage.ReadAsync("a/manifest.json")).ShouldBe("new"u8.ToArray());
    }

    [Fact]
    public async Task a_write_whose_answer_is_lost_knows_its_object_again()
    {
        await using var server = await S3Server.StartAsync();
        using var storage = server.Storage("");
        server.Fails = (method, _, number) => method == "PUT" && number == 1 ? S3Failure.CutAfter : S3Failure.None;

        (await storage.WriteAsync("a/manifest.json", "mine"u8.ToArray(), replace: false)).ShouldBeTrue();

        server.Requests.ShouldBe(3);
        (await storage.WriteAsync("a/manifest.json", "mine"u8.ToArray(), replace: false)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(5, 1)]
    [InlineData(999_990, 100)]
    [InlineData(1_000_000, 1)]
    [InlineData(2_000_000, 5)]
    [InlineData(7, 0)]
    [InlineData(0, int.MaxValue)]
    public async Task a_part_is_read_and_ends_where_the_object_does(long offset, long length)
    {
        await using var server = await S3Server.StartAsync();
        using var storage = server.Storage("x");
        var content = RandomNumberGenerator.GetBytes(1_000_000);
        await storage.WriteAsync("a/file", content, replace: true);

        (await PartAsync(storage, "a/file", offset, length))
            .ShouldBe(content.Skip((int)offset).Take((int)length).ToArray());
        (await storage.OpenReadAsync("a/nothing", offset, length)).ShouldBeNull();
    }

    [Fact]
    public async Task an_object_without_bytes_is_one()
    {
        await using var server = await S3Server.StartAsync();
        using var storage = server.Storage("x");
        await storage.WriteAsync("a/file", Array.Empty<byte>(), replace: true);

        (await PartAsync(storage, "a/file", 0, 1)).ShouldBeEmpty();
        (await PartAsync(storage, "a/file", 1, 1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task reading_goes_on_where_the_connection_was_cut()
    {
        await using var server = await S3Server.StartAsync();
        using var storage = server.Storage("x");
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        await storage.WriteAsync("a/file", content, replace: true);
        server.Fails = (_, _, number) => number <= 4 ? S3Failure.CutWithin : S3Failure.None;

        (await PartAsync(storage, "a/file", 1000, 2_500_000)).ShouldBe(content[1000..2_501_000]);

        server.Requests.ShouldBe(5);
    }

    [Fact]
    public async Task an_object_replaced_while_it_is_read_is_an_error_and_no_mixture()
    {
        await using var server = await S3Server.StartAsync();
        using var storage = server.Storage("x");
        await storage.WriteAsync("a/file", new byte[2_000_000], replace: true);
        server.Fails = (_, _, number) => number == 2 ? S3Failure.CutWithin : S3Failure.None;
        await using var part = await storage.OpenReadAsync("a/file", 0, 2_000_000);
        await storage.WriteAsync("a/file", new byte[2_000_001], replace: true);

        (await Should.ThrowAsync<IOException>(() => part!.CopyToAsync(Stream.Null))).Message
            .ShouldBe("s3://archives/x/a/file: the store answers 412 PreconditionFailed: So it was wanted.");
    }

    [Fact]
    public async Task an_archive_is_written_verified_restored_and_redacted_while_the_store_fails_and_cuts()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<BucketPlace>()).FilledAsync(streams: 20);
        await using var server = await S3Server.StartAsync();
        using var storage = server.Storage("x");
        var random = new Random(20261121);
        server.Fails = (_, _, _) =>
        {
            lock (random)
                return random.Next(8) == 0 ? (S3Failure)random.Next(6) : S3Failure.None;
        };
        var archives = new PartitionArchives(storage);
        var stream = await archived.Store.ScalarAsync<Guid>(
            $"SELECT min(stream_id::text)::uuid FROM {ArchivedStore.Month}");

        var manifest = await new PartitionArchiveWriter(
            archived.Store.DataSource, "public", storage, ArchivedStore.Small)
            .CreateAsync(new ArchiveSelection { Partition = ArchivedStore.Month });
        var sound = await archives.VerifyAsync(manifest.Name, archived.Store.DataSource, "public");
        await new StoreArchives(archived.Store.DataSource, "public", storage).RedactAsync(
            manifest.Name, new RedactionRequest { Stream = $"{stream}", Reason = "asked for", By = "Ada" });
        await archived.Store.ExecuteAsync("TRUNCATE mt_events, mt_streams");
        var report = await new PartitionArchiveRestorer(archived.Store.DataSource, "public", storage)
            .RestoreAsync(manifest.Name);

        (sound.IsSound, report.Events).ShouldBe((true, 190));
        (await archives.VerifyAsync(manifest.Name, archived.Store.DataSource, "public")).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_store_that_refuses_or_is_not_there_is_told_with_its_words()
    {
        await using var server = await S3Server.StartAsync();
        using var stranger = server.Storage("x", keyId: "stranger");
        using var nowhere = server.Storage("x", bucket: "nowhere");
        using var away = S3ArchiveStorage.Open(
            "s3://archives", new S3ArchiveOptions { Endpoint = new Uri("http://127.0.0.1:1"), Retries = 0 });

        (await Should.ThrowAsync<IOException>(() => stranger.WriteAsync("a/b", new byte[1], replace: true))).Message
            .ShouldBe("s3://archives/x/a/b: the store answers 403 InvalidAccessKeyId: So it was wanted.");
        (await Should.ThrowAsync<IOException>(() => nowhere.OpenReadAsync("a/b", 0, 1))).Message
            .ShouldBe("s3://nowhere/x/a/b: the store answers 404 NoSuchBucket: So it was wanted.");
        await Should.ThrowAsync<IOException>(async () => await away.ListAsync("").CountAsync());
    }

    [Theory]
    [InlineData("s3://archives", "archives", "", "s3://archives")]
    [InlineData("s3://archives/", "archives", "", "s3://archives")]
    [InlineData("S3://archives/shop", "archives", "shop/", "s3://archives/shop")]
    [InlineData("s3://my.archives-1/shop/events//", "my.archives-1", "shop/events/", "s3://my.archives-1/shop/events")]
    public void a_place_has_a_bucket_and_a_prefix(string text, string bucket, string prefix, string written)
    {
        var location = S3Location.Parse(text);

        (location.Bucket, location.Prefix, location.ToString()).ShouldBe((bucket, prefix, written));
        S3Location.IsOne(text).ShouldBeTrue();
    }

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3:///prefix")]
    [InlineData("s3://A_b/c")]
    [InlineData("/archives")]
    public void what_is_no_place_is_refused(string text) =>
        Should.Throw<FormatException>(() => S3Location.Parse(text)).Message.ShouldStartWith(
            $"\"{text}\" is no place in an S3 store.");

    [Fact]
    public void options_out_of_their_range_are_told() =>
        Should.Throw<ArgumentException>(
            () => new S3ArchiveOptions { Endpoint = new Uri("ftp://x") }.Validated()).Message.ShouldBe(
            "S3ArchiveOptions.Endpoint is \"ftp://x/\". Allowed: an address that begins with http:// or https://, "
            + "null. (Parameter 'Endpoint')");

    private static async Task<byte[]> PartAsync(IArchiveStorage storage, string key, long offset, long length)
    {
        await using var part = (await storage.OpenReadAsync(key, offset, length)).ShouldNotBeNull();
        var bytes = new MemoryStream();
        await part.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
