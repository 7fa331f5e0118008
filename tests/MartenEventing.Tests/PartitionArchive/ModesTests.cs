using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive;

/// <summary>Who may read what is written, and which key files are taken.</summary>
public sealed class ModesTests : IDisposable
{
    private const UnixFileMode Owners = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("partition-archive-").FullName;

    [Fact]
    public async Task archives_are_for_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        await using var archived = await (await ArchivedStore.CreateAsync<FolderPlace>()).FilledAsync(streams: 2);
        var folder = new ArchiveFolder(Path.Combine(_folder, "new", "archives"));

        var manifest = await new PartitionArchiveWriter(archived.Store.DataSource, "public", folder).CreateAsync(
            new ArchiveSelection { Partition = ArchivedStore.Month });

        var archive = Path.Combine(folder.Location, manifest.Name);
        foreach (var made in (string[])[Path.Combine(_folder, "new"), folder.Location, archive])
            ModeOf(made).ShouldBe(Owners | UnixFileMode.UserExecute, made);
        Directory.GetFiles(archive).Length.ShouldBeGreaterThan(3);
        Directory.GetFiles(archive).ShouldAllBe(file => ModeOf(file) == Owners);
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead, "0604")]
    [InlineData(UnixFileMode.GroupRead, "0640")]
    [InlineData(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite, "0622")]
    public async Task a_key_file_that_others_may_use_is_refused(UnixFileMode others, string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        var file = await KeyFileAsync(Owners | others);

        var error = await Should.ThrowAsync<ArchiveKeyFileException>(() => ArchiveKey.ReadAsync(file));

        error.Message.ShouldBe(
            $"The key file {file} has mode {mode}: others than its owner may use it, so its key is not taken. Type: "
            + $"chmod 600 {file}");
        (error.File, error.Mode).ShouldBe((file, Owners | others));
    }

    [Theory]
    [InlineData(Owners)]
    [InlineData(UnixFileMode.UserRead)]
    public async Task a_key_file_of_its_owner_alone_is_taken(UnixFileMode mode) =>
        (await ArchiveKey.ReadAsync(await KeyFileAsync(mode))).ShouldNotBeNull();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private async Task<string> KeyFileAsync(UnixFileMode mode)
    {
        var file = Path.Combine(_folder, $"key{(int)mode}");
        await File.WriteAllTextAsync(file, new string('b', 64) + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, mode);
        return file;
    }
}
