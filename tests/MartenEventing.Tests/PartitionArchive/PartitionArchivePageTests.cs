using System.Diagnostics;
using System.Text.RegularExpressions;
using MartenEventing.PartitionArchive;
using MartenEventing.TestSupport.House;
using MartenEventing.TestSupport.PartitionArchive;

namespace MartenEventing.Tests.PartitionArchive;

public sealed partial class PartitionArchivePageTests
{
    [Fact]
    public async Task the_reader_of_the_page_reads_what_is_written()
    {
        await using var archived = await ArchivedStore.CreateAsync<FolderPlace>();
        await archived.Store.ExecuteAsync(OddEvents.Columns);
        await OddEvents.AppendAsync(
            archived.Store, new Random(7), 80, $"{ArchivedStore.MonthStart:yyyy-MM-dd} 12:00:00.000001+00");
        var manifest = await archived.WriteAsync(ArchivedStore.Small with { Compression = ArchiveCompression.Gzip });
        var page = (await File.ReadAllTextAsync(Repository.Below("docs", "partition-archive.md"))).ReplaceLineEndings(
            "\n");
        var program = Path.Combine(archived.Storage.Location, "reader.py");
        await File.WriteAllTextAsync(program, Block().Match(page).Groups["text"].Value);

        var told = await RunAsync(program, Path.Combine(archived.Storage.Location, manifest.Name));

        told.TrimEnd('\n').Split('\n').ShouldBe(await archived.Store.ColumnAsync<string>(
            """
            SELECT concat_ws(E'\t', seq_id, stream_id, version, type, timestamp::text)
              FROM mt_events, set_config('timezone', 'UTC', false) ORDER BY seq_id
            """));
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        Assert.SkipWhen(process is null, "There is no python3 on this machine.");
        var error = process!.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        (process.ExitCode, await error).ShouldBe((0, ""));
        return output;
    }

    private static Process? Start(string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("python3", arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["PYTHONIOENCODING"] = "utf-8" },
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex("^```python\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
