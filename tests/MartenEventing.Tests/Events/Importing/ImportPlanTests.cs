using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Importing;

namespace MartenEventing.Tests.Events.Importing;

public sealed class ImportPlanTests
{
    [Fact]
    public async Task a_plan_tells_what_an_import_then_does()
    {
        await using var store = await StoreDatabase.CreateAsync();
        string[] lines =
            [.. EventLines.Shuffled(500, streams: 20, years: 3), EventLines.Line("old", 1, DateTimeOffset.UnixEpoch)];
        var importer = new EventImporter(store.DataSource);

        var plan = await importer.PlanAsync(EventLines.Gzip(lines));
        (await store.ScalarAsync<long>("SELECT count(*) FROM mt_streams")).ShouldBe(0);
        var report = await importer.ImportAsync(EventLines.Gzip(lines));

        (plan.Events, plan.Streams, plan.EventsInHead).ShouldBe((501, 21, 1));
        (plan.Earliest, plan.Latest, plan.Source, plan.Lines)
            .ShouldBe((report.Earliest, report.Latest, report.Source, report.Lines));
        plan.Earliest.ShouldBe(DateTimeOffset.UnixEpoch);
        plan.PartitionsToMake.ShouldBe(report.PartitionsMade, ignoreOrder: true);
    }

    [Fact]
    public async Task a_plan_leaves_out_what_is_imported_already()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var lines = EventLines.Shuffled(100, streams: 5, years: 1);
        var named = new ImportOptions { Source = "daily" };
        await store.ImportAsync(EventLines.Text(lines[..60]), named);
        var importer = new EventImporter(store.DataSource);

        (await importer.PlanAsync(EventLines.Text(lines), named)).Events.ShouldBe(40);
        (await importer.PlanAsync(EventLines.Text(lines), named with { Restart = true })).Events.ShouldBe(100);
    }

    [Fact]
    public async Task a_plan_meets_invalid_lines_as_the_import_does()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);
        var importer = new EventImporter(store.DataSource);
        string[] lines = [EventLines.Line("a", 1), "oops"];

        (await Should.ThrowAsync<InvalidImportLineException>(
            importer.PlanAsync(EventLines.Text(lines)))).LineNumber.ShouldBe(2);
        (await importer.PlanAsync(
            EventLines.Text(lines), new ImportOptions { SetAside = _ => { } })).InvalidLines.ShouldBe(1);
    }
}
