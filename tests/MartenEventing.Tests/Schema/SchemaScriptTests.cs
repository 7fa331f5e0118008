using MartenEventing.Schema;
using MartenEventing.TestSupport.Schema;

namespace MartenEventing.Tests.Schema;

public sealed class SchemaScriptTests
{
    [Theory]
    [InlineData(StreamIdentity.Guid, StoreLayout.Partitioned, PartitionPeriod.Month, "public", EventTenancy.Single)]
    [InlineData(StreamIdentity.String, StoreLayout.Partitioned, PartitionPeriod.Week, "a b", EventTenancy.Single)]
    [InlineData(StreamIdentity.Guid, StoreLayout.Plain, PartitionPeriod.Month, "events", EventTenancy.Single)]
    [InlineData(StreamIdentity.String, StoreLayout.Plain, PartitionPeriod.Year, "public", EventTenancy.Single)]
    [InlineData(StreamIdentity.Guid, StoreLayout.Partitioned, PartitionPeriod.Month, "a b", EventTenancy.Conjoined)]
    [InlineData(StreamIdentity.String, StoreLayout.Plain, PartitionPeriod.Month, "public", EventTenancy.Conjoined)]
    public async Task psql_makes_of_the_script_what_the_migrator_makes(
        StreamIdentity identity, StoreLayout layout, PartitionPeriod period, string schema, EventTenancy tenancy)
    {
        await using var applied = await StoreDatabase.CreateAsync(identity, layout, period, schema, tenancy);
        await using var scripted = await TestDatabase.CreateAsync();

        await Psql.RunAsync(scripted.ConnectionString, SchemaMigrator.Script(applied.Options));

        var expected = await Catalogs.ReadAsync(applied.DataSource, schema);
        var made = await Catalogs.ReadAsync(scripted.DataSource, schema);
        made.Except(expected).ShouldBeEmpty();
        expected.Except(made).ShouldBeEmpty();
        (await new SchemaMigrator(scripted.DataSource, applied.Options).ApplyAsync()).Applied.ShouldBeEmpty();
    }

    [Fact]
    public async Task the_script_may_be_run_again()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var before = await Catalogs.ReadAsync(store.DataSource, store.Schema);

        await Psql.RunAsync(store.ConnectionString, SchemaMigrator.Script(store.Options));

        (await Catalogs.ReadAsync(store.DataSource, store.Schema)).ShouldBe(before);
    }

    [Fact]
    public async Task a_script_that_cannot_be_run_changes_nothing()
    {
        await using var store = await StoreDatabase.CreateAsync(layout: StoreLayout.Plain);
        await ApplyingTheSchemaTests.AppendAsync(store);
        var before = await Catalogs.ReadAsync(store.DataSource, store.Schema);

        var error = await Should.ThrowAsync<Npgsql.PostgresException>(
            () => store.ExecuteAsync(SchemaMigrator.Script(store.Options with { Layout = StoreLayout.Partitioned })));

        error.SqlState.ShouldBe(Npgsql.PostgresErrorCodes.ObjectNotInPrerequisiteState);
        (await Catalogs.ReadAsync(store.DataSource, store.Schema)).ShouldBe(before);
    }
}
