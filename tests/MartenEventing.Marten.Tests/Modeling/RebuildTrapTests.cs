using JasperFx;
using Marten.Exceptions;
using MartenEventing.TestSupport.Schema;
using Npgsql;

namespace MartenEventing.Tests.Modeling;

/// <summary>What an application does to a partitioned store that starts without the extension, and with it.</summary>
public sealed class RebuildTrapTests
{
    [Fact]
    public async Task without_the_extension_a_patch_copies_all_events_into_a_new_plain_table()
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.AppendAsync(database.Partitioned(), streams: 3);

        var migration = await database.Plain().Storage.Database.CreateMigrationAsync();
        var script = new StringWriter();
        migration.WriteAllUpdates(script, new Weasel.Postgresql.PostgresqlMigrator(), AutoCreate.CreateOrUpdate);

        script.ToString().ShouldContain("create table public.mt_events_temp as select * from public.mt_events;");
        script.ToString().ShouldContain("drop table public.mt_events cascade;");
    }

    [Theory]
    [InlineData(AutoCreate.All)]
    [InlineData(AutoCreate.CreateOrUpdate)]
    public async Task without_the_extension_it_fails_only_because_the_unique_index_comes_before_the_copy(
        AutoCreate autoCreate)
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.AppendAsync(database.Partitioned(), streams: 3);
        var before = await Catalogs.DescribeAsync(database.DataSource, "public");

        var store = database.Plain(options => options.AutoCreateSchemaObjects = autoCreate);
        var error = await Should.ThrowAsync<MartenSchemaException>(() => database.AppendAsync(store, streams: 1));

        error.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(
            PostgresErrorCodes.FeatureNotSupported);
        (await Catalogs.DescribeAsync(database.DataSource, "public")).ShouldBe(before);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(6);
    }

    [Theory]
    [InlineData(AutoCreate.All)]
    [InlineData(AutoCreate.CreateOrUpdate)]
    public async Task with_it_nothing_happens(AutoCreate autoCreate)
    {
        await using var database = await MartenDatabase.CreateAsync();
        await database.Partitioned().Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await database.AppendAsync(database.Partitioned(), streams: 3);
        var before = await Catalogs.DescribeAsync(database.DataSource, "public");

        var store = database.Partitioned(options => options.AutoCreateSchemaObjects = autoCreate);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();

        (await Catalogs.DescribeAsync(database.DataSource, "public")).ShouldBe(before);
        (await database.DataSource.ScalarAsync<long>("SELECT count(*) FROM mt_events")).ShouldBe(6);
    }
}
