using MartenEventing.Tests.Postgres;
using JasperFx;
using Marten;
using Weasel.Core;

namespace MartenEventing.Tests.Modeling;

public sealed class SchemaTests
{
    [Fact]
    public async Task after_an_apply_nothing_differs()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned();
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await database.DataSource.ColumnAsync<string>("SELECT kind FROM mt_partitions()"))
            .ShouldBe(["head", "month", "month", "month", "month", "tail"]);

        var another = database.Partitioned();
        await another.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        (await another.Storage.Database.ApplyAllConfiguredChangesToDatabaseAsync()).ShouldBe(SchemaPatchDifference.None);
    }

    [Fact]
    public async Task the_first_append_makes_what_it_needs()
    {
        await using var database = await MartenDatabase.CreateAsync();
        var store = database.Partitioned();
        await using var session = store.LightweightSession();
        var id = session.Events.StartStream<Parcel>(new ParcelRegistered("Here"), new ParcelScanned("A")).Id;
        await session.SaveChangesAsync();

        (await session.Events.AggregateStreamAsync<Parcel>(id))!.Scans.ShouldBe(1);
        (await database.DataSource.ScalarAsync<string>("SELECT DISTINCT tableoid::regclass::text FROM mt_events"))
            .ShouldStartWith("mt_events_m");
    }
}
