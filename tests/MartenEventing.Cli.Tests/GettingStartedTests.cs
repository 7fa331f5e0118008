using MartenEventing.Events;
using MartenEventing.Schema;
using Npgsql;

namespace MartenEventing.Cli.Tests;

public sealed class GettingStartedTests
{
    [Fact]
    public async Task the_code_of_the_page_runs()
    {
        await using var database = await TestDatabase.CreateAsync();
        var connectionString = database.ConnectionString;

        await using var source = NpgsqlDataSource.Create(connectionString);
        await new SchemaMigrator(source, new SchemaOptions()).ApplyAsync();
        var store = new PostgresEventStore(source);

        var parcel = Guid.CreateVersion7();
        var registered = NewEvent.From(new ParcelRegistered("Hamburg", "Porto"));
        await store.AppendAsync(parcel, ExpectedVersion.NoStream, [registered]);
        await store.AppendAsync(parcel, 1, [NewEvent.From(new ParcelScanned("HAM")) with { UserName = "scanner-3" }]);
        try
        {
            await store.AppendAsync(parcel, 1, [NewEvent.From(new ParcelScanned("OPO"))]);
        }
        catch (StreamVersionConflictException conflict)
        {
            Console.WriteLine($"Somebody was faster: the stream is at version {conflict.Actual}.");
        }

        await foreach (var stored in store.ReadStreamAsync(parcel))
            Console.WriteLine($"{stored.Version} {stored.Type} {stored.Data}");

        (await store.LoadStreamAsync(parcel)).Select(stored => stored.Type)
            .ShouldBe(["parcel_registered", "parcel_scanned"]);
    }

    private sealed record ParcelRegistered(string From, string To);

    private sealed record ParcelScanned(string Depot);
}
