using System.Security.Cryptography;
using System.Text;
using MartenEventing.PartitionArchive;
using MartenEventing.PartitionArchive.Format;
using MartenEventing.TestSupport.Partitioning;

namespace MartenEventing.TestSupport.PartitionArchive;

/// <summary>What is found when an archive was damaged, wherever it lies.</summary>
public abstract class DamageContract<TPlace> where TPlace : IStoragePlace
{
    private static readonly ArchiveKey Key = ArchiveKey.Parse(new string('a', 64));

    [Theory]
    [InlineData(ArchiveCompression.Brotli, false)]
    [InlineData(ArchiveCompression.Gzip, false)]
    [InlineData(ArchiveCompression.None, true)]
    public async Task a_flipped_bit_anywhere_is_found_and_placed(ArchiveCompression compression, bool encrypted)
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 20);
        var manifest = await archived.WriteAsync(ArchivedStore.Small with
        {
            Compression = compression, Key = encrypted ? Key : null,
        });
        var archives = new PartitionArchives(archived.Storage, encrypted ? Key : null);
        (await archives.VerifyAsync(manifest.Name)).IsSound.ShouldBeTrue();
        var files = await archived.Storage.KeysAsync(manifest.Name);
        var random = new Random(20261121);
        for (var i = 0; i < 60; i++)
        {
            var file = files[random.Next(files.Count)];
            var bytes = await archived.Storage.ReadAsync(file);
            var at = random.Next(bytes.Length);
            var flipped = bytes.ToArray();
            flipped[at] ^= (byte)(1 << random.Next(8));
            await archived.Storage.ReplaceAsync(file, flipped);

            var problem = await FirstProblemAsync(archives, manifest.Name);

            var where = $"byte {at} of {file}, try {i}";
            file.ShouldEndWith(problem.ShouldNotBeNull(where).File!, customMessage: where);
            problem.Offset!.Value.ShouldBeLessThanOrEqualTo(at, where);
            (problem.Offset + problem.Length)!.Value.ShouldBeGreaterThan(at, where);
            await archived.Storage.ReplaceAsync(file, bytes);
        }
    }

    [Fact]
    public async Task a_truncated_an_overlong_and_a_missing_file_are_told_apart()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 20);
        var manifest = await archived.WriteAsync();
        var file = ArchivedStore.KeyOf(manifest, manifest.Tables[0].Files[1].Name);
        var bytes = await archived.Storage.ReadAsync(file);

        await archived.Storage.ReplaceAsync(file, bytes[..^5]);
        var truncated = (await archived.Archives.VerifyAsync(manifest.Name)).Problems.Single();
        await archived.Storage.ReplaceAsync(file, [.. bytes, 1, 2]);
        var overlong = (await archived.Archives.VerifyAsync(manifest.Name)).Problems.Single();
        await archived.Storage.DeleteAsync(file);
        var missing = (await archived.Archives.VerifyAsync(manifest.Name)).Problems.Single();

        (truncated.Kind, truncated.Offset).ShouldBe((ArchiveProblemKind.WrongLength, bytes.Length - 5));
        (overlong.Kind, overlong.Offset).ShouldBe((ArchiveProblemKind.WrongLength, bytes.Length));
        (missing.Kind, missing.File).ShouldBe((ArchiveProblemKind.MissingFile, file));
        (await Should.ThrowAsync<ArchiveDamagedException>(async () => await archived.Archives
            .QueryAsync(manifest.Name, new ArchiveQuery()).CountAsync())).Problem.Kind.ShouldBe(
                ArchiveProblemKind.MissingFile);
    }

    [Fact]
    public async Task encrypted_chunks_cannot_be_exchanged_though_the_manifest_is_made_to_fit()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 20);
        var manifest = await archived.WriteAsync(ArchivedStore.Small with { Key = Key, FileBytes = 1 << 20 });
        var file = manifest.Tables[0].Files[0];
        var (first, second) = (file.Chunks[0], file.Chunks[1]);
        var path = ArchivedStore.KeyOf(manifest, file.Name);
        var bytes = await archived.Storage.ReadAsync(path);
        byte[] exchanged =
            [.. bytes[first.Bytes..(first.Bytes + second.Bytes)], .. bytes[..first.Bytes],
                .. bytes[(first.Bytes + second.Bytes)..]];
        await archived.Storage.ReplaceAsync(path, exchanged);
        var forged = manifest with
        {
            Tables =
            [
                manifest.Tables[0] with
                {
                    Files =
                    [
                        file with
                        {
                            Sha256 = Convert.ToHexStringLower(SHA256.HashData(exchanged)),
                            Chunks =
                            [
                                first with { Bytes = second.Bytes, Sha256 = second.Sha256 },
                                second with { Bytes = first.Bytes, Sha256 = first.Sha256 }, .. file.Chunks.Skip(2),
                            ],
                        },
                    ],
                },
                .. manifest.Tables.Skip(1),
            ],
        };
        var cipher = ArchiveCipher.Open(manifest, Key);
        await archived.Storage.ReplaceAsync(
            ArchivedStore.KeyOf(manifest, ManifestText.FileName), ManifestText.Write(forged, cipher));

        var problems = (await new PartitionArchives(archived.Storage, Key).VerifyAsync(manifest.Name)).Problems;
        await archived.Storage.ReplaceAsync(
            ArchivedStore.KeyOf(manifest, ManifestText.FileName), ManifestText.Write(forged, null));
        var unsigned = await FirstProblemAsync(new PartitionArchives(archived.Storage, Key), manifest.Name);

        problems.Count.ShouldBe(2);
        problems.ShouldAllBe(problem => problem.Kind == ArchiveProblemKind.WrongContent);
        unsigned!.Kind.ShouldBe(ArchiveProblemKind.Manifest);
    }

    [Fact]
    public async Task a_wrong_key_is_told_from_damage_and_without_one_the_bytes_are_checked()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 2);
        var manifest = await archived.WriteAsync(ArchivedStore.Small with { Key = Key });

        var wrong = await Should.ThrowAsync<ArchiveKeyException>(
            () => new PartitionArchives(archived.Storage, ArchiveKey.Create()).VerifyAsync(manifest.Name));
        var missing = await Should.ThrowAsync<ArchiveKeyException>(async () =>
            await archived.Archives.QueryAsync(manifest.Name, new ArchiveQuery()).CountAsync());
        var unread = await archived.Archives.VerifyAsync(manifest.Name);

        (wrong.IsMissing, missing.IsMissing).ShouldBe((false, true));
        (unread.IsSound, unread.IsContentChecked).ShouldBe((true, false));
        var stored = await archived.Storage.ReadAsync(ArchivedStore.KeyOf(manifest, manifest.Tables[0].Files[0].Name));
        Encoding.Latin1.GetString(stored).ShouldNotContain("seq_id");
    }

    [Fact]
    public async Task another_version_of_the_format_is_told_by_its_number()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 1);
        var manifest = await archived.WriteAsync();
        await archived.Storage.ReplaceAsync(
            ArchivedStore.KeyOf(manifest, ManifestText.FileName),
            ManifestText.Write(manifest with { FormatVersion = 3 }, null));

        (await Should.ThrowAsync<ArchiveFormatException>(() => archived.Archives.VerifyAsync(manifest.Name)))
            .FormatVersion.ShouldBe(3);
    }

    [Fact]
    public async Task what_the_database_has_otherwise_is_told_event_by_event()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<TPlace>()).FilledAsync(streams: 20);
        var manifest = await archived.WriteAsync();
        var sequences = await archived.Store.ColumnAsync<long>(
            $"SELECT seq_id FROM {ArchivedStore.Month} ORDER BY seq_id");
        await archived.Store.ExecuteAsync("DELETE FROM mt_events WHERE seq_id = $1", sequences[50]);
        await archived.Store.ExecuteAsync("UPDATE mt_events SET data = '2' WHERE seq_id = $1", sequences[120]);
        var late = await Partitioning.SampleEvents.AppendAsync(archived.Store, ArchivedStore.MonthStart, 1);

        var report = await archived.Archives.VerifyAsync(manifest.Name, archived.Store.DataSource, "public");

        report.Problems.Select(problem => (problem.Kind, problem.Sequence)).ShouldBe(
        [
            (ArchiveProblemKind.NotInDatabase, sequences[50]), (ArchiveProblemKind.Different, sequences[120]),
            (ArchiveProblemKind.NotInArchive, late),
        ]);
        report.EventsCompared.ShouldBe(198);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void what_is_no_key_is_refused_and_not_repeated(string text) =>
        Should.Throw<ArgumentException>(() => ArchiveKey.Parse(text)).Message.ShouldNotContain("secret");

    private static async Task<ArchiveProblem?> FirstProblemAsync(PartitionArchives archives, string name)
    {
        try
        {
            return (await archives.VerifyAsync(name)).Problems.FirstOrDefault();
        }
        catch (ArchiveDamagedException error)
        {
            return error.Problem;
        }
    }
}
