using MartenEventing.Events;
using MartenEventing.Schema;
using MartenEventing.TestSupport.Importing;

namespace MartenEventing.Tests.Events.Importing;

/// <summary>Imports into a database where each tenant has streams of its own.</summary>
public sealed class ConjoinedImportTests
{
    [Theory]
    [InlineData(StreamIdentity.Guid)]
    [InlineData(StreamIdentity.String)]
    public async Task one_file_is_imported_for_each_of_two_tenants_at_once(StreamIdentity identity)
    {
        await using var database = await StoreDatabase.CreateAsync(identity, tenancy: EventTenancy.Conjoined);
        var lines = EventLines.Shuffled(count: 3000, streams: 200, years: 3);

        var reports = await Task.WhenAll(ImportAsync(database, "a", lines), ImportAsync(database, "b", lines));

        reports.ShouldAllBe(report => report.Events == 3000 && report.NewStreams == 200);
        foreach (var tenant in (string[])["a", "b"])
            (await database.ScalarAsync<long>(
                """
                SELECT count(*)
                  FROM (SELECT stream_id, count(*) n, count(DISTINCT version) d, max(version) m
                          FROM mt_events WHERE tenant_id = $1 GROUP BY stream_id) e
                  JOIN mt_streams s ON s.tenant_id = $1 AND s.id = e.stream_id
                      AND (e.n, e.d, e.m) = (version, version, version)
                """, tenant)).ShouldBe(200);
        (await database.DataSource.MisplacedAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task how_far_an_import_has_come_is_remembered_for_its_tenant()
    {
        await using var database = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        var lines = EventLines.Shuffled(100, streams: 10, years: 1);
        var daily = new ImportOptions { Source = "daily" };

        await ImportAsync(database, "a", lines[..70], daily);
        var theirs = await ImportAsync(database, "b", lines, daily);
        var ours = await ImportAsync(database, "a", lines, daily);

        (theirs.Events, theirs.LinesDoneBefore, theirs.Source).ShouldBe((100, 0, "daily"));
        (ours.Events, ours.LinesDoneBefore, ours.Source).ShouldBe((30, 70, "daily"));
    }

    [Fact]
    public async Task an_import_goes_on_behind_the_versions_of_its_tenant()
    {
        await using var database = await StoreDatabase.CreateAsync(tenancy: EventTenancy.Conjoined);
        var stream = Guid.NewGuid();
        await database.StoreOf("a").AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(3));
        await database.StoreOf("b").AppendAsync(stream, ExpectedVersion.Any, Parcel.Scans(5));

        await ImportAsync(database, "a", [EventLines.Line($"{stream}", 1)]);

        (await database.StoreOf("a").LoadStreamAsync(stream)).Count.ShouldBe(4);
        (await database.StoreOf("b").LoadStreamAsync(stream)).Count.ShouldBe(5);
    }

    private static Task<ImportReport> ImportAsync(
        StoreDatabase database, string tenant, string[] lines, ImportOptions? options = null) =>
        new EventImporter(database.DataSource, new EventStoreOptions { TenantId = tenant })
            .ImportAsync(EventLines.Text(lines), options);
}
