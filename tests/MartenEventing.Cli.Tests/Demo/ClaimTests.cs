using MartenEventing.Cli.Demo;
using MartenEventing.Cli.Demo.Live;
using MartenEventing.Events;
using MartenEventing.TestSupport.House;

namespace MartenEventing.Cli.Tests.Demo;

public sealed class ClaimTests
{
    [Fact]
    public void a_claim_that_does_not_hold_says_what_was_seen() =>
        Should.Throw<ClaimException>(() => Claim.Same(5, 4, "The number of events")).Message
            .ShouldBe("The demo's claim does not hold. The number of events was 5 and is 4.");

    [Fact]
    public void a_claim_that_holds_says_nothing() => Should.NotThrow(() => Claim.Same("a", "a", "The layout"));

    [Theory]
    [InlineData(1_000_000, "events were to be seen while")]
    [InlineData(-1_000_000, "at most")]
    public async Task an_event_too_few_or_too_many_is_seen_by_the_watcher(long wrong, string complaint)
    {
        await using var store = await StoreDatabase.CreateAsync();
        var writers = Writers.Start(
            new PostgresEventStore(store.DataSource, new EventStoreOptions { SchemaName = store.Schema }),
            TimeProvider.System);
        try
        {
            var watcher = Watcher.Start(store.DataSource, store.Schema, wrong, writers);

            (await Should.ThrowAsync<ClaimException>(watcher.StopAsync)).Message.ShouldContain(complaint);
        }
        finally
        {
            await writers.StopAsync();
        }
    }

    [Fact]
    public async Task writers_keep_what_went_wrong()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var nowhere = new EventStoreOptions { SchemaName = "nowhere", Retries = 0 };
        var writers = Writers.Start(new PostgresEventStore(store.DataSource, nowhere), TimeProvider.System);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (writers.Errors.Count < Writers.Count)
            await Task.Delay(5, limit.Token);

        await writers.StopAsync();

        writers.Acknowledged.ShouldBe(0);
        writers.Begun.ShouldBeGreaterThanOrEqualTo(Writers.Count);
    }

    [Fact]
    public void only_one_scene_knows_Marten()
    {
        var tool = Repository.Below("src", "MartenEventing.Cli");
        string[] theirs = ["using Marten;", "using Marten.", "using JasperFx", "using Weasel"];

        var knowing = Directory.EnumerateFiles(tool, "*.cs", SearchOption.AllDirectories)
            .Where(file => theirs.Any(File.ReadAllText(file).Contains))
            .Select(file => Path.GetRelativePath(tool, file).Replace('\\', '/'));

        knowing.ShouldAllBe(file => file.StartsWith("Demo/Applications/") || file == "Demo/Scenes/OnMarten.cs");
    }
}
