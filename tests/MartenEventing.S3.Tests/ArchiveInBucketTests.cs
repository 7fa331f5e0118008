using MartenEventing.LocalPostgres;
using MartenEventing.TestSupport.Partitioning;

namespace MartenEventing.S3.Tests;

/// <summary>The real tool with archives in a bucket, its keys in the environment.</summary>
public sealed class ArchiveInBucketTests
{
    private const string Place = "s3://archives/shop/events";

    [Fact]
    public async Task archives_in_a_bucket_are_written_by_retention_and_by_hand_listed_verified_and_restored()
    {
        await using var server = await S3Server.StartAsync();
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("SELECT mt_provision_history('month', $1)", SampleEvents.Month(-3));
        var month = SampleEvents.MonthName(-3);
        await store.AppendAsync(SampleEvents.Month(-3), 3);
        await store.AppendAsync(SampleEvents.Month(0), 2);

        var created = await RunAsync("archive", "create", Place, month);
        var applied = await RunAsync("retention", "apply", "--older-than", "2mo", "--archive", Place, "--yes");
        var left = await store.ScalarAsync<long>("SELECT count(*) FROM mt_events");
        var list = await RunAsync("archive", "list", Place);
        var verified = await RunAsync("archive", "verify", Place);
        var restored = await RunAsync("archive", "restore", Place, month, "--yes");

        (created.ExitCode, applied.ExitCode, left).ShouldBe((0, 0, 2), created.Error + applied.Error);
        list.Error.ShouldBe("2 archives.\n");
        verified.Error.ShouldBe("2 archives are as they were written.\n");
        restored.Out.ShouldBe($"{month}  3 events came back, 0 were there, 1 streams are there again\n");
        (await store.ScalarAsync<string>("SELECT min(location) FROM mt_partition_archives")).ShouldBe(Place);

        Task<ToolRun> RunAsync(params string[] arguments) => ToolRun.OfAsync(
            new Dictionary<string, string>
            {
                [PostgresConnection.Variable] = store.ConnectionString,
                ["AWS_ENDPOINT_URL_S3"] = server.Endpoint.ToString(),
                ["AWS_ACCESS_KEY_ID"] = S3Server.KeyId, ["AWS_SECRET_ACCESS_KEY"] = "secret",
            },
            arguments);
    }

    [Theory]
    [InlineData("s3://", "http://127.0.0.1:1", "\"s3://\" is no place in an S3 store. ")]
    [InlineData(
        Place, "localhost:9000", "AWS_ENDPOINT_URL is \"localhost:9000\". Allowed: an address that begins with ")]
    public async Task what_is_no_bucket_or_endpoint_is_wrong_usage(string place, string endpoint, string told)
    {
        var run = await ToolRun.OfAsync(
            new Dictionary<string, string> { ["AWS_ENDPOINT_URL"] = endpoint }, "archive", "list", place);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(told);
    }
}
