using MartenEventing.Events;
using Npgsql;

namespace MartenEventing.Tests.Events;

public sealed class EventStoreOptionsTests
{
    [Fact]
    public void an_option_out_of_its_range_is_told_with_its_name_value_and_range()
    {
        Message(new EventStoreOptions { ChunkSize = 0 })
            .ShouldStartWith("EventStoreOptions.ChunkSize is 0. Allowed: 1 to 100000.");
        Message(new EventStoreOptions { Retries = 21 })
            .ShouldStartWith("EventStoreOptions.Retries is 21. Allowed: 0 to 20.");
        Message(new EventStoreOptions { TenantId = "" })
            .ShouldStartWith("EventStoreOptions.TenantId has 0 characters. Allowed: at least 1, none of them U+0000");
        Message(new EventStoreOptions { SchemaName = "" }).ShouldStartWith("EventStoreOptions.SchemaName is empty.");
    }

    [Fact]
    public async Task a_store_may_live_in_any_schema_and_do_without_prepared_statements()
    {
        await using var database = await StoreDatabase.CreateAsync(schema: "Parcels of 2026");
        var store = new PostgresEventStore(
            database.DataSource, new EventStoreOptions { SchemaName = "Parcels of 2026", Prepare = false });

        var result = await store.AppendAsync(Guid.CreateVersion7(), ExpectedVersion.NoStream, Parcel.Scans(2));

        result.Version.ShouldBe(2);
        (await database.ScalarAsync<long>("SELECT count(*) FROM \"Parcels of 2026\".mt_events")).ShouldBe(2);
    }

    private static string Message(EventStoreOptions options)
    {
        using var source = NpgsqlDataSource.Create("Host=nowhere");
        return Should.Throw<ArgumentException>(() => new PostgresEventStore(source, options)).Message;
    }
}
