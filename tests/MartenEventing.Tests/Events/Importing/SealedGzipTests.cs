using System.IO.Compression;
using System.Text;
using MartenEventing.Events.Importing;
using MartenEventing.TestSupport.Importing;

namespace MartenEventing.Tests.Events.Importing;

public sealed class SealedGzipTests
{
    private static readonly byte[] File = EventLines.Gzip(EventLines.Shuffled(500, streams: 10, years: 1)).ToArray();

    /// <summary>.NET decides at the first gzip of a process whether it notices a file that was cut off.</summary>
    [Fact]
    public void a_file_cut_off_anywhere_is_noticed_whatever_gzip_did_before_in_the_process()
    {
        new GZipStream(new MemoryStream(File), CompressionMode.Decompress).CopyTo(Stream.Null);

        for (var length = 2; length < File.Length; length++)
        {
            Should.Throw<InvalidDataException>(() => Content(File[..length]), $"{length} of {File.Length} bytes");
        }
    }

    [Fact]
    public void a_whole_file_comes_as_it_is()
    {
        Content(File).ShouldBe(
            string.Concat(EventLines.Shuffled(500, streams: 10, years: 1).Select(line => line + "\n")));
        Content(EventLines.Gzip().ToArray()).ShouldBe("");
    }

    [Fact]
    public void files_put_one_behind_the_other_are_one()
    {
        var one = EventLines.Gzip("one").ToArray();
        var two = EventLines.Gzip("two").ToArray();

        Content([.. one, .. two]).ShouldBe("one\ntwo\n");
        Should.Throw<InvalidDataException>(() => Content([.. one, .. two[..^3]]));
    }

    [Fact]
    public void what_follows_and_is_no_gzip_is_an_error() =>
        Should.Throw<InvalidDataException>(() => Content([.. File, 0, 0, 0, 0]))
            .Message.ShouldBe("the gzip was cut off, or something follows it.");

    private static string Content(byte[] compressed)
    {
        using var gzip = new SealedGzip(new MemoryStream(compressed));
        using var reader = new StreamReader(gzip, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
