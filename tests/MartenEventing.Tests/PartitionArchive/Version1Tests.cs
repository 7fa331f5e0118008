using System.Security.Cryptography;
using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive;

/// <summary>
/// Archives of the format's first version, written by the library of that time, and what the second does better.
/// </summary>
public sealed class Version1Tests : IDisposable
{
    private static readonly ArchiveKey Key = ArchiveKey.Parse(new string('a', 64));

    private readonly ArchiveFolder _folder = new(Directory.CreateTempSubdirectory("partition-archive-").FullName);

    [Theory]
    [InlineData("plain", false)]
    [InlineData("encrypted", true)]
    public async Task they_are_read_and_redacted(string name, bool encrypted)
    {
        Take(name);
        var archives = new PartitionArchives(_folder, encrypted ? Key : null);
        var events = await archives.QueryAsync(name, new ArchiveQuery()).ToListAsync();

        (await archives.VerifyAsync(name)).IsSound.ShouldBeTrue();
        (await archives.RedactAsync(
            name, new RedactionRequest { Stream = events[0].Stream!, Reason = "asked for", By = "Ada" }))
            .Events.ShouldBe(10);

        events.Count.ShouldBe(20);
        var report = await archives.VerifyAsync(name);
        (report.IsSound, report.Manifest.FormatVersion, report.Manifest.Events).ShouldBe((true, 1, 10));
    }

    [Fact]
    public async Task the_digests_of_an_encrypted_archive_tell_nothing_to_who_guesses_its_lines()
    {
        await using var archived = await (await ArchivedStore.CreateAsync<FolderPlace>()).FilledAsync(streams: 2);
        var options = ArchivedStore.Small with { Key = Key, ChunkBytes = 1, Compression = ArchiveCompression.None };
        var manifest = await archived.WriteAsync(options);
        var plain = await archived.WriteAsync(options with { Key = null });
        var archives = new PartitionArchives(archived.Storage, Key);
        var stream = (await archives.QueryAsync(manifest.Name, new ArchiveQuery()).FirstAsync()).Stream!;

        await archives.RedactAsync(
            manifest.Name, new RedactionRequest { Stream = stream, Reason = "asked for", By = "Ada" });

        var told = await File.ReadAllTextAsync(Path.Combine(archived.Storage.Location, manifest.Name, "manifest.json"));
        foreach (var chunk in plain.Tables.SelectMany(table => table.Files).SelectMany(file => file.Chunks))
            told.ShouldNotContain(chunk.ContentSha256);
        told.ShouldNotContain(
            Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"\n{stream}"))));
        foreach (var table in plain.Tables.Where(table => table.Rows > 0))
            told.ShouldNotContain(table.Root);
    }

    public void Dispose() => Directory.Delete(_folder.Location, recursive: true);

    private void Take(string name)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Location, name));
        foreach (var file in Directory.GetFiles(
            Path.Combine(AppContext.BaseDirectory, "PartitionArchive", "Version1", name)))
            File.Copy(file, Path.Combine(_folder.Location, name, Path.GetFileName(file)));
    }
}
