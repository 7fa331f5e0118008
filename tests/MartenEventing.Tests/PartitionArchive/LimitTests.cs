using MartenEventing.PartitionArchive;
using MartenEventing.PartitionArchive.Format;
using MartenEventing.PartitionArchive.Writing;
using MartenEventing.Tests.PartitionArchive.Mutated;

namespace MartenEventing.Tests.PartitionArchive;

/// <summary>What is larger than who reads it would take is not written.</summary>
public sealed class LimitTests
{
    private static readonly ArchiveColumn[] Columns = [new("seq_id", "bigint")];

    [Fact]
    public async Task a_row_longer_than_any_that_is_read_is_refused()
    {
        var writer = Writer(new ArchiveOptions());

        var error = await Should.ThrowAsync<ArchiveTooLargeException>(
            async () => await writer.AddAsync(new byte[(96 << 20) + 1], 7, 0, default));

        error.Message.ShouldStartWith(
            "A row of mt_events, event 7, has 100,663,297 bytes as a line of a partition archive; at most " +
            "100,663,296 are ");
    }

    [Fact]
    public async Task a_row_that_would_make_a_chunk_longer_than_any_that_is_read_begins_the_next()
    {
        var writer = Writer(new ArchiveOptions { ChunkBytes = 1 << 26, Compression = ArchiveCompression.None });
        await writer.AddAsync(new byte[40 << 20], 1, 0, default);
        await writer.AddAsync(new byte[60 << 20], 2, 0, default);

        var table = await writer.EndAsync(default);

        table.Files.SelectMany(file => file.Chunks).Select(chunk => chunk.ContentBytes).ShouldBe([40 << 20, 60 << 20]);
    }

    private static TableWriter Writer(ArchiveOptions options) => new(
        new ArchiveTarget(new FilesInMemory([]), "big", Guid.NewGuid(), 1, options.Compression, null, options),
        "mt_events", ArchiveRole.Events, Columns, "events");
}
