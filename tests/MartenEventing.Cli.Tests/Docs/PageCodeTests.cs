using System.Text;
using MartenEventing.Events;
using MartenEventing.PartitionArchive;
using MartenEventing.S3;

namespace MartenEventing.Cli.Tests.Docs;

/// <summary>The code of pages that have no test of their own: <see cref="SnippetTests"/> finds it here.</summary>
public sealed class PageCodeTests
{
    [Fact]
    public async Task the_code_about_import_runs()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var dataSource = store.DataSource;
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(
            """{"stream":"MP000000042","type":"parcel_scanned","timestamp":"2024-11-20T08:15:00Z","data":{}}"""));

        var report = await new EventImporter(dataSource).ImportAsync(stream);

        report.Events.ShouldBe(1);
    }

    [Fact]
    public async Task the_code_about_archives_runs()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("SELECT mt_provision_history('month', '2024-01-01')");
        var dataSource = store.DataSource;
        var path = Directory.CreateTempSubdirectory("partition-archive-").FullName;

        var folder = new ArchiveFolder(path);
        var manifest = await new PartitionArchiveWriter(dataSource, "public", folder)
            .CreateAsync(new ArchiveSelection { Partition = "mt_events_m202401" });
        var report = await new PartitionArchives(folder).VerifyAsync(manifest.Name, dataSource, "public");
        foreach (var problem in report.Problems)
            Console.WriteLine(problem);

        report.IsSound.ShouldBeTrue();
        Directory.Delete(path, recursive: true);
    }

    [Fact]
    public void the_code_about_archives_in_a_bucket_runs()
    {
        Environment.SetEnvironmentVariable("AWS_REGION", "eu-central-1");

        using var bucket = S3ArchiveStorage.Open("s3://archives/shop");   // package MartenEventing.S3

        bucket.Location.ShouldBe("s3://archives/shop");
    }
}
