using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MartenEventing.PartitionArchive;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>Archives that are to exhaust or to confuse who reads them, wherever they lie.</summary>
public abstract class HostileContract<TPlace> where TPlace : IStoragePlace
{
    [Theory]
    [InlineData("tables", "null")]
    [InlineData("tables", "[null]")]
    [InlineData("redactions", "null")]
    [InlineData("redactions", "[null]")]
    [InlineData("origin", "null")]
    [InlineData("name", "null")]
    [InlineData("compression", "7")]
    [InlineData("compression", "\"zip\"")]
    [InlineData("events", "-1")]
    [InlineData("events", "9223372036854775807")]
    [InlineData("revision", "0")]
    [InlineData("firstSequence", "null")]
    [InlineData("lastSequence", "1")]
    [InlineData("from", "\"9999-01-01T00:00:00+00:00\"")]
    [InlineData("encryption", "{\"algorithm\":\"rot13\",\"salt\":\"x\",\"keyCheck\":null}")]
    [InlineData("tables/0/files", "null")]
    [InlineData("tables/0/rows", "9223372036854775807")]
    [InlineData("tables/0/root", "\"x\"")]
    [InlineData("tables/0/columns", "[]")]
    [InlineData("tables/0/columns/0/name", "null")]
    [InlineData("tables/0/columns/0/type", "\"bigint); DROP TABLE mt_events; --\"")]
    [InlineData("tables/0/columns/1/name", "\"seq_id\"")]
    [InlineData("tables/1/columns/2/type", "\"text\"")]
    [InlineData("tables/0/files/0/chunks", "[]")]
    [InlineData("tables/0/files/0/bytes", "-1")]
    [InlineData("tables/0/files/0/bytes", "9223372036854775807")]
    [InlineData("tables/0/files/0/name", "null")]
    [InlineData("tables/0/files/0/chunks/0/bytes", "-5")]
    [InlineData("tables/0/files/0/chunks/0/bytes", "2147483647")]
    [InlineData("tables/0/files/0/chunks/0/contentBytes", "-5")]
    [InlineData("tables/0/files/0/chunks/0/contentBytes", "2147483647")]
    [InlineData("tables/0/files/0/chunks/0/contentBytes", "0")]
    [InlineData("tables/0/files/0/chunks/0/rows", "-1")]
    [InlineData("tables/0/files/0/chunks/0/contentSha256", "\"zz\"")]
    [InlineData("tables/0/files/0/chunks/0/sha256", "null")]
    [InlineData("tables/0/files/0/chunks/0/firstSequence", "null")]
    public async Task a_manifest_that_makes_no_sense_is_damaged_and_the_list_names_it_among_the_others(
        string place, string value)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 2);
        var good = await archived.WriteAsync();
        var bad = await archived.WriteAsync();
        await Forged.RewriteAsync(archived.Storage, bad.Name, manifest => Set(manifest, place.Split('/'), value));

        await Should.ThrowAsync<ArchiveDamagedException>(() => archived.Archives.VerifyAsync(bad.Name));
        await Should.ThrowAsync<ArchiveDamagedException>(
            () => archived.Archives.QueryAsync(bad.Name, new ArchiveQuery()).CountAsync().AsTask());
        var list = (await archived.Archives.ListAsync()).OrderBy(entry => entry.Name).ToList();

        (list[0].Manifest?.Id, list[0].Problem).ShouldBe((good.Id, null));
        (list[1].Manifest, list[1].IsUnfinished).ShouldBe((null, false));
        list[1].Problem!.ShouldContain($"\"{bad.Name}\" is damaged");
    }

    [Theory]
    [InlineData(ArchiveCompression.Gzip)]
    [InlineData(ArchiveCompression.Brotli)]
    public async Task a_small_file_that_would_grow_beyond_measure_is_refused_before_it_does(
        ArchiveCompression compression)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 1);
        var manifest = await archived.WriteAsync(ArchivedStore.Small with { Compression = compression });
        const int length = 1_100_000_000;
        var bomb = Compressed(length, compression);
        var file = manifest.Tables[0].Files[0].Name;
        await archived.Storage.ReplaceAsync(ArchivedStore.KeyOf(manifest, file), bomb);
        foreach (var told in (int[])[length, 90_000_000])
        {
            await Forged.RewriteAsync(archived.Storage, manifest.Name, forged => Fit(forged, bomb, told));
            var before = GC.GetTotalAllocatedBytes();

            (await archived.Archives.VerifyAsync(manifest.Name).ContinueWith(
                done => done.IsFaulted || !done.Result.IsSound))
                .ShouldBeTrue();

            (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(256_000_000);
        }
    }

    [Fact]
    public async Task a_manifest_longer_than_any_that_is_written_is_not_read()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 1);
        var manifest = await archived.WriteAsync();
        var body = await Forged.BodyAsync(archived.Storage, manifest.Name);
        await archived.Storage.ReplaceAsync(
            Forged.KeyOf(manifest.Name), Forged.Sealed(body + new string(' ', 70_000_000)));

        (await Should.ThrowAsync<ArchiveDamagedException>(() => archived.Archives.VerifyAsync(manifest.Name)))
            .Message.ShouldContain("67,108,864 bytes");
    }

    private static void Set(JsonNode node, string[] place, string value)
    {
        foreach (var step in place[..^1])
            node = int.TryParse(step, out var i) ? node[i]! : node[step]!;
        if (int.TryParse(place[^1], out var index))
            node[index] = JsonNode.Parse(value);
        else
            node[place[^1]] = JsonNode.Parse(value);
    }

    private static void Fit(JsonObject manifest, byte[] bomb, int length)
    {
        var table = Forged.Table(manifest, "events");
        var file = table["files"]![0]!.AsObject();
        var chunk = file["chunks"]![0]!.AsObject();
        (file["bytes"], chunk["bytes"]) = (bomb.Length, bomb.Length);
        (file["sha256"], chunk["sha256"]) = (Sha256(bomb), Sha256(bomb));
        chunk["contentBytes"] = length;
        for (var i = table["files"]!.AsArray().Count - 1; i > 0; i--)
            table["files"]!.AsArray().RemoveAt(i);
        for (var i = file["chunks"]!.AsArray().Count - 1; i > 0; i--)
            file["chunks"]!.AsArray().RemoveAt(i);
        var rows = chunk["rows"]!.GetValue<long>();
        (table["rows"], file["rows"], manifest["events"]) = (rows, rows, rows);
        (file["lastSequence"], manifest["lastSequence"]) =
            (chunk["lastSequence"]!.GetValue<long>(), chunk["lastSequence"]!.GetValue<long>());
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Compressed(int length, ArchiveCompression compression)
    {
        var compressed = new MemoryStream();
        using (Stream stream = compression == ArchiveCompression.Gzip
            ? new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true)
            : new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            for (var zeros = new byte[1_000_000]; length > 0; length -= zeros.Length)
                stream.Write(zeros);
        return compressed.ToArray();
    }
}
