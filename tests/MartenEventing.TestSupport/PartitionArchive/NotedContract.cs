using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.Partitioning;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>Archives whose state the database has noted, wherever they lie.</summary>
public abstract class NotedContract<TPlace> where TPlace : IStoragePlace
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task an_older_copy_put_back_after_a_redaction_is_refused(bool encrypted)
    {
        var key = encrypted ? ArchiveKey.Create() : null;
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 5);
        var manifest = await archived.WriteAsync(ArchivedStore.Small with { Key = key });
        var archives = Of(archived, key);
        var old = await CopyAsync(archived.Storage, manifest.Name);

        (await archives.RedactAsync(manifest.Name, await RequestAsync(archived))).Events.ShouldBe(10);
        var redacted = await archives.VerifyAsync(manifest.Name);
        await PutBackAsync(archived.Storage, old);

        redacted.IsSound.ShouldBeTrue();
        (await new PartitionArchives(archived.Storage, key).VerifyAsync(manifest.Name)).IsSound.ShouldBeTrue();
        var error = await Should.ThrowAsync<ArchiveRevisionException>(() => archives.VerifyAsync(manifest.Name));
        (error.FoundRevision, error.Revision).ShouldBe((1, 2));
        error.Message.ShouldContain($"has noted revision 2 with the seal {error.Seal[..16]}...");
        await Should.ThrowAsync<ArchiveRevisionException>(() => new PartitionArchives(archived.Storage, key)
            .VerifyAsync(manifest.Name, archived.Store.DataSource, "public"));
        foreach (var anyway in (bool[])[false, true])
            await Should.ThrowAsync<ArchiveRevisionException>(() => new PartitionArchiveRestorer(
                archived.Store.DataSource, "public", archived.Storage, key).RestoreAsync(
                    manifest.Name, new RestoreOptions { FromOtherDatabase = anyway }));
        await Should.ThrowAsync<ArchiveRevisionException>(async () => await archives.RedactAsync(
            manifest.Name, await RequestAsync(archived)));
    }

    [Fact]
    public async Task what_was_changed_without_the_database_is_refused_until_it_is_accepted()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 5);
        var manifest = await archived.WriteAsync();
        await archived.Archives.RedactAsync(manifest.Name, await RequestAsync(archived));
        var restorer = new PartitionArchiveRestorer(archived.Store.DataSource, "public", archived.Storage);

        await Should.ThrowAsync<ArchiveRevisionException>(() => restorer.RestoreAsync(manifest.Name));
        (await Of(archived).AcceptAsync(manifest.Name)).IsSound.ShouldBeTrue();

        (await Of(archived).VerifyAsync(manifest.Name)).Manifest.Revision.ShouldBe(2);
        (await restorer.RestoreAsync(manifest.Name)).EventsThere.ShouldBe(40);
        (await archived.Store.ScalarAsync<string>(
            "SELECT concat_ws(' ', revision, events, streams) FROM mt_partition_archives"))
            .ShouldBe("2 40 4");
    }

    [Fact]
    public async Task broken_off_at_any_file_the_database_knows_the_state_that_is_there()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 20);
        var manifest = await archived.WriteAsync();
        var request = await RequestAsync(archived);
        var old = await CopyAsync(archived.Storage, manifest.Name);
        for (var left = 0; ; left++)
        {
            var storage = new BrokenOff(archived.Storage) { Left = left, DeletionsLeft = left / 2 };
            try
            {
                await new StoreArchives(archived.Store.DataSource, "public", storage).RedactAsync(
                    manifest.Name, request);
                break;
            }
            catch (IOException)
            {
                (await Of(archived).VerifyAsync(manifest.Name)).Problems
                    .ShouldAllBe(problem => problem.Kind == ArchiveProblemKind.NotErased);
            }
        }

        await Of(archived).RedactAsync(manifest.Name, request);
        (await Of(archived).VerifyAsync(manifest.Name)).Manifest.Revision.ShouldBe(2);
        await PutBackAsync(archived.Storage, old);
        await Should.ThrowAsync<ArchiveRevisionException>(() => Of(archived).VerifyAsync(manifest.Name));
    }

    [Fact]
    public async Task killed_between_the_manifest_and_the_note_the_new_state_is_known_and_settled_by_the_next_call()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 5);
        var manifest = await archived.WriteAsync();
        var request = await RequestAsync(archived);
        var old = await CopyAsync(archived.Storage, manifest.Name);
        await Of(archived).RedactAsync(manifest.Name, request);
        await archived.Store.ExecuteAsync(
            "UPDATE mt_partition_archives SET next_seal = seal, seal = $1, revision = 1", manifest.Seal!);

        (await Of(archived).VerifyAsync(manifest.Name)).Manifest.Revision.ShouldBe(2);
        (await Of(archived).RedactAsync(manifest.Name, request)).Events.ShouldBe(0);

        (await archived.Store.ScalarAsync<string>(
            "SELECT concat_ws(' ', revision, next_seal) FROM mt_partition_archives"))
            .ShouldBe("2");
        await PutBackAsync(archived.Storage, old);
        await Should.ThrowAsync<ArchiveRevisionException>(() => Of(archived).VerifyAsync(manifest.Name));
    }

    [Fact]
    public async Task an_archive_that_was_noted_before_seals_were_is_taken_and_noted_when_it_is_compared()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 5);
        var manifest = await archived.WriteAsync();
        await archived.Store.ExecuteAsync("UPDATE mt_partition_archives SET revision = NULL, seal = NULL");

        (await Of(archived).VerifyAsync(manifest.Name)).IsSound.ShouldBeTrue();
        await archived.Archives.VerifyAsync(manifest.Name, archived.Store.DataSource, "public");

        (await archived.Store.ScalarAsync<string>("SELECT seal FROM mt_partition_archives")).ShouldBe(manifest.Seal);
    }

    [Fact]
    public async Task one_that_the_database_never_heard_of_is_refused_though_it_names_it_as_its_origin()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 5);
        var manifest = await archived.WriteAsync();
        await Forged.RewriteAsync(archived.Storage, manifest.Name, forged => forged["id"] = Guid.NewGuid());
        var restorer = new PartitionArchiveRestorer(archived.Store.DataSource, "public", archived.Storage);

        (await Should.ThrowAsync<ForeignArchiveException>(() => restorer.RestoreAsync(manifest.Name))).Message
            .ShouldContain("has no note of it (mt_partition_archives)");
        await Should.ThrowAsync<ForeignArchiveException>(() => Of(archived).VerifyAsync(manifest.Name));
        await Should.ThrowAsync<ForeignArchiveException>(() => Of(archived).AcceptAsync(manifest.Name));

        (await restorer.RestoreAsync(
            manifest.Name, new RestoreOptions { FromOtherDatabase = true })).EventsThere.ShouldBe(50);
    }

    private static StoreArchives Of(ArchivedStore archived, ArchiveKey? key = null) =>
        new(archived.Store.DataSource, "public", archived.Storage, key);

    private static async Task<RedactionRequest> RequestAsync(ArchivedStore archived) => new()
    {
        Stream = (await archived.Store.ScalarAsync<Guid>(
            $"SELECT stream_id FROM {ArchivedStore.Month} ORDER BY seq_id LIMIT 1")).ToString(),
        Reason = "asked for",
        By = "Ada",
    };

    private static async Task<Dictionary<string, byte[]>> CopyAsync(IArchiveStorage storage, string archive)
    {
        var copy = new Dictionary<string, byte[]>();
        foreach (var key in await storage.KeysAsync($"{archive}/"))
            copy.Add(key, await storage.ReadAsync(key));
        return copy;
    }

    private static async Task PutBackAsync(IArchiveStorage storage, Dictionary<string, byte[]> copy)
    {
        foreach (var key in await storage.KeysAsync(""))
            await storage.DeleteAsync(key);
        foreach (var (key, content) in copy)
            await storage.ReplaceAsync(key, content);
    }
}
