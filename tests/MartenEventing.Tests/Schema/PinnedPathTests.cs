using MartenEventing.Conversion;
using MartenEventing.Events;
using MartenEventing.Maintenance;
using MartenEventing.Politeness;
using MartenEventing.Retention;
using MartenEventing.Schema;
using MartenEventing.Tests.Conversion;
using Npgsql;

namespace MartenEventing.Tests.Schema;

/// <summary>
/// A schema in the search_path of whoever works on the store has functions, operators and types of PostgreSQL's
/// names.
/// </summary>
public sealed class PinnedPathTests
{
    [Fact]
    public async Task what_stands_in_front_runs_when_a_name_is_not_qualified()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await HostileSchema.CreateAsync(store.DataSource);

        (await HostileSchema.SizeAsync(store.DataSource)).ShouldBeGreaterThan(1000);
        foreach (var sql in (string[])
        [
            "SELECT starts_with('a'::pg_catalog.name, 'a'::pg_catalog.text)",
            "SELECT count(*) FROM pg_catalog.pg_class",
            "SELECT 1::bigint = 2::bigint", "SELECT 'a'::varchar = 'b'::varchar", "SELECT 'a'::text", "SELECT now()",
        ])
            (await Should.ThrowAsync<PostgresException>(() => store.ExecuteAsync(sql), sql)).MessageText
                .ShouldContain("hostile", customMessage: sql);
    }

    [Theory]
    [InlineData(EventTenancy.Single, StreamIdentity.Guid)]
    [InlineData(EventTenancy.Conjoined, StreamIdentity.String)]
    public async Task a_store_of_events_never_runs_it(EventTenancy tenancy, StreamIdentity identity)
    {
        await using var database = await StoreDatabase.CreateAsync(identity, tenancy: tenancy);
        await HostileSchema.CreateAsync(database.DataSource);
        await using var source = HostileSchema.Visit(database.ConnectionString);
        var store = new PostgresEventStore(source);
        var stream = identity == StreamIdentity.Guid ? new StreamId(Guid.CreateVersion7()) : new StreamId("parcel 7");
        var given = new NewEvent("scanned", """{"depot":"Linz"}""");

        await store.AppendAsync(stream, ExpectedVersion.NoStream, [given]);
        await store.AppendAsync(stream, ExpectedVersion.Any, [new NewEvent("scanned", "{}")]);
        await Should.ThrowAsync<StreamVersionConflictException>(
            () => store.AppendAsync(stream, ExpectedVersion.NoStream, [new NewEvent("scanned", "{}")]));
        var fresh = new PostgresEventStore(source);
        (await fresh.ReadStreamAsync(stream).CountAsync()).ShouldBe(2);
        (await fresh.ReadStreamAsync(stream, direction: ReadDirection.Backwards).CountAsync()).ShouldBe(2);
        (await fresh.ReadAllAsync().CountAsync()).ShouldBe(2);
        (await fresh.GetStreamAsync(stream))!.Version.ShouldBe(2);
        (await fresh.ListStreamsAsync(new StreamQuery())).Streams.Count.ShouldBe(1);
        (await fresh.QueryAsync(new EventQuery { Types = ["scanned"], Stream = stream })).Events.Count.ShouldBe(2);
        (await fresh.GetEventAsync(given.Id)).ShouldNotBeNull();

        (await HostileSchema.RunsAsync(database.DataSource)).ShouldBe(0);
    }

    [Fact]
    public async Task maintenance_retention_and_upkeep_never_run_it()
    {
        await using var database = await StoreDatabase.CreateAsync();
        await HostileSchema.CreateAsync(database.DataSource);
        await using var source = HostileSchema.Visit(database.ConnectionString);

        await new MaintenancePass(source, "public").RunAsync();
        await new StoreRetention(source, "public",
            new RetentionOptions { OlderThan = new RetentionAge(90, RetentionUnit.Day) }).ApplyAsync();
        var holds = new LegalHolds(source, "public");
        await holds.HoldTenantAsync("a", "a suit");
        (await holds.LiftAsync((await holds.ListAsync())[0].Id)).ShouldBeTrue();
        await new StoreUpkeep(source, "public").ReadIndexUsageAsync();
        (await new SchemaMigrator(source, database.Options).GetStatusAsync()).IsUpToDate.ShouldBeTrue();

        (await HostileSchema.RunsAsync(database.DataSource)).ShouldBe(0);
    }

    [Theory]
    [InlineData(ConversionWay.Attach)]
    [InlineData(ConversionWay.Shadow)]
    public async Task a_conversion_and_its_way_back_never_run_it(ConversionWay way)
    {
        await using var store = await PlainStore.CreateAsync(100);
        await HostileSchema.CreateAsync(store.Database.DataSource);
        await using var source = HostileSchema.Visit(store.Database.ConnectionString);
        var conversion = new StoreConversion(source, "public", PlainStore.Options with { Way = way });

        await conversion.StartAsync();
        await conversion.RollbackAsync();
        await conversion.StartAsync();
        await conversion.SplitAsync();
        await conversion.CompleteAsync();
        await conversion.RevertAsync();

        (await HostileSchema.RunsAsync(store.Database.DataSource)).ShouldBe(0);
    }

    [Fact]
    public async Task a_store_is_set_up_without_running_it()
    {
        await using var database = await TestDatabase.CreateAsync();
        await HostileSchema.CreateAsync(database.DataSource);
        await using var source = HostileSchema.Visit(database.ConnectionString);

        await new SchemaMigrator(source, new SchemaOptions()).ApplyAsync();

        (await HostileSchema.RunsAsync(database.DataSource)).ShouldBe(0);
    }

    [Fact]
    public async Task the_pool_of_the_application_gets_its_path_back()
    {
        await using var database = await StoreDatabase.CreateAsync();
        foreach (var pooled in (string[])["", ";No Reset On Close=true"])
        {
            await using var source = NpgsqlDataSource.Create(
                database.ConnectionString + ";Maximum Pool Size=1" + pooled);
            await using (var application = await source.OpenConnectionAsync())
                await new NpgsqlCommand("SET search_path = mine, public", application).ExecuteNonQueryAsync();
            var expected = await PathAsync(source);

            await new MaintenancePass(source, "public").RunAsync();
            (await PathAsync(source)).ShouldBe(expected);
            await using (var pinned = await PinnedConnection.OpenAsync(source, default))
                (await PathAsync(pinned.Connection)).ShouldBe("pg_catalog, pg_temp");
            (await PathAsync(source)).ShouldBe(expected);
            await using (var pinned = await PinnedConnection.BeginAsync(source, default))
                (await PathAsync(pinned.Connection)).ShouldBe("pg_catalog, pg_temp");
            (await PathAsync(source)).ShouldBe(expected);
        }
    }

    private static async Task<string> PathAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await PathAsync(connection);
    }

    private static async Task<string> PathAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SHOW search_path", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
