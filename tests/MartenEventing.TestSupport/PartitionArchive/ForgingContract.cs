using System.Text.Json.Nodes;
using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.Partitioning;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>What somebody tries who can write the files of archives, wherever they lie.</summary>
public abstract class ForgingContract<TPlace> where TPlace : IStoragePlace
{
    private static readonly ArchiveKey Key = ArchiveKey.Parse(new string('a', 64));

    [Theory]
    [InlineData("events", "index", "streams")]
    [InlineData("streams")]
    public async Task what_is_appended_behind_the_seal_is_refused_whatever_it_says(params string[] emptied)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 2);
        var manifest = await archived.WriteAsync(ArchivedStore.Small with { Key = Key });
        var written = System.Text.Encoding.UTF8.GetString(
            await archived.Storage.ReadAsync(Forged.KeyOf(manifest.Name)));
        var forged = JsonNode.Parse(written)!.AsObject();
        foreach (var role in emptied)
            Forged.Empty(Forged.Table(forged, role));
        if (emptied.Contains("events"))
            (forged["events"], forged["streams"]) = (0, 0);
        var members = string.Join(",\n  ", ((string[])["events", "streams", "tables"])
            .Select(name => $"\"{name}\": {forged[name]!.ToJsonString()}"));
        await archived.Storage.ReplaceAsync(
            Forged.KeyOf(manifest.Name), Forged.Sealed($"{written[..^3]},\n  {members}"));

        await ShouldBeRefusedAsync(archived, manifest.Name, Key);
    }

    [Theory]
    [InlineData("\"events\": 0", "is not")]
    [InlineData("\"Events\": 0", "is not")]
    [InlineData("\"surprise\": 0", "is not")]
    public async Task a_member_that_is_there_twice_or_unknown_is_refused(string member, string told)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 2);
        var manifest = await archived.WriteAsync();
        var body = await Forged.BodyAsync(archived.Storage, manifest.Name);
        await archived.Storage.ReplaceAsync(Forged.KeyOf(manifest.Name), Forged.Sealed($"{body},\n  {member}"));

        (await ShouldBeRefusedAsync(archived, manifest.Name, null)).Message.ShouldContain(told);
    }

    [Theory]
    [InlineData("events")]
    [InlineData("index")]
    [InlineData("streams")]
    public async Task without_one_of_its_tables_an_archive_is_none(string role)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 2);
        var manifest = await archived.WriteAsync();
        await Forged.RewriteAsync(archived.Storage, manifest.Name, forged =>
            forged["tables"]!.AsArray().Remove(Forged.Table(forged, role)));

        (await ShouldBeRefusedAsync(archived, manifest.Name, null)).Message.ShouldContain(role);
    }

    [Fact]
    public async Task who_has_a_key_is_not_given_what_anybody_can_make()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 2);
        var manifest = await archived.WriteAsync(ArchivedStore.Small with { Key = Key });
        var plain = await archived.WriteAsync();
        var (from, to) = ($"{plain.Name}/", $"{manifest.Name}/");
        foreach (var file in await archived.Storage.KeysAsync(from))
            await archived.Storage.ReplaceAsync(to + file[from.Length..], await archived.Storage.ReadAsync(file));
        await Forged.RewriteAsync(archived.Storage, manifest.Name, forged =>
            (forged["id"], forged["name"]) = (manifest.Id, manifest.Name));

        var refused = await ShouldBeRefusedAsync(archived, manifest.Name, Key);

        refused.ShouldBeOfType<ArchiveKeyException>().Message.ShouldContain("is not encrypted");
        (await archived.Archives.VerifyAsync(plain.Name)).IsSound.ShouldBeTrue();
    }

    [Theory]
    [InlineData("../other/manifest.json")]
    [InlineData("..\\other\\manifest.json")]
    [InlineData("..")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\x")]
    [InlineData("a\0b")]
    [InlineData("manifest.json")]
    [InlineData("Manifest.JSON")]
    [InlineData("")]
    public async Task a_file_that_lies_elsewhere_or_is_the_manifest_is_not_named_by_one(string name)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 2);
        var manifest = await archived.WriteAsync();
        await archived.Storage.ReplaceAsync("other/manifest.json", "not yours"u8.ToArray());
        await Forged.RewriteAsync(archived.Storage, manifest.Name, forged => forged["redactions"] = new JsonArray(
            Redaction(name)));
        var request = new RedactionRequest { Stream = "x", Reason = "asked for", By = "Ada" };

        await Should.ThrowAsync<ArchiveDamagedException>(() => archived.Archives.RedactAsync(manifest.Name, request));
        await Forged.RewriteAsync(archived.Storage, manifest.Name, forged =>
        {
            forged["redactions"] = new JsonArray();
            Forged.Table(forged, "events")["files"]![0]!["name"] = name;
        });
        await ShouldBeRefusedAsync(archived, manifest.Name, null);

        (await archived.Storage.ReadAsync("other/manifest.json")).ShouldBe("not yours"u8.ToArray());
    }

    [Fact]
    public async Task a_file_that_is_in_use_is_not_taken_for_a_replaced_one()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 2);
        var manifest = await archived.WriteAsync();
        var file = manifest.Tables[0].Files[0].Name;
        await Forged.RewriteAsync(archived.Storage, manifest.Name, forged => forged["redactions"] = new JsonArray(
            Redaction(file)));

        await Should.ThrowAsync<ArchiveDamagedException>(() => archived.Archives.RedactAsync(
            manifest.Name, new RedactionRequest { Stream = "x", Reason = "asked for", By = "Ada" }));

        (await archived.Storage.KeysAsync(manifest.Name)).ShouldContain(ArchivedStore.KeyOf(manifest, file));
    }

    [Theory]
    [InlineData("tags", "mt_legal_holds")]
    [InlineData("naturalKeys", "mt_migrations")]
    public async Task a_table_does_not_go_where_its_role_does_not_belong(string role, string name)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 2);
        var manifest = await archived.WriteAsync();
        await Forged.RewriteAsync(archived.Storage, manifest.Name, forged =>
        {
            var table = JsonNode.Parse(Forged.Table(forged, "bounds").ToJsonString())!.AsObject();
            (table["role"], table["name"]) = (role, name);
            forged["tables"]!.AsArray().Add(table);
        });

        (await ShouldBeRefusedAsync(archived, manifest.Name, null)).Message.ShouldContain(name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task archives_that_have_changed_places_are_refused(bool encrypted)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 2);
        var key = encrypted ? Key : null;
        var first = await archived.WriteAsync(ArchivedStore.Small with { Key = key });
        await archived.Store.DataSource.AppendAsync(Guid.NewGuid(), ArchivedStore.MonthStart);
        var second = await archived.WriteAsync(ArchivedStore.Small with { Key = key });
        foreach (var file in await archived.Storage.KeysAsync($"{second.Name}/"))
            await archived.Storage.ReplaceAsync(
                first.Name + file[second.Name.Length..], await archived.Storage.ReadAsync(file));

        (await ShouldBeRefusedAsync(archived, first.Name, key)).Message.ShouldContain($"\"{second.Name}\"");
    }

    private static JsonObject Redaction(string file) => new()
    {
        ["at"] = "2026-11-21T06:00:00+00:00", ["streamSha256"] = new string('0', 64), ["reason"] = "x", ["by"] = "x",
        ["events"] = 0, ["formerRoot"] = new string('0', 64), ["replacedFiles"] = new JsonArray(file),
    };

    private static async Task<PartitionArchiveException> ShouldBeRefusedAsync(
        ArchivedStore archived, string name, ArchiveKey? key)
    {
        var archives = new PartitionArchives(archived.Storage, key);
        var restorer = new PartitionArchiveRestorer(archived.Store.DataSource, "public", archived.Storage, key);
        await Refused(() => archives.QueryAsync(name, new ArchiveQuery()).CountAsync().AsTask());
        await Refused(() => restorer.RestoreAsync(name));
        return await Refused(() => archives.VerifyAsync(name));

        static async Task<PartitionArchiveException> Refused(Func<Task> call)
        {
            try
            {
                await call();
            }
            catch (PartitionArchiveException error)
            {
                return error;
            }

            throw new ShouldAssertException("It was accepted.");
        }
    }
}
